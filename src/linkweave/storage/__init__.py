"""Where things are kept between requests and between workers."""
