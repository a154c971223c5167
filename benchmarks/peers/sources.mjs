// What the vendor says, at a host of tiny.cc's software. Each answer is fresh for a minute after it has come.
const FRESH_MILLISECONDS = 60_000;

export class Sources {
  #known = new Map();

  constructor(vendor, authorization) {
    this.vendor = vendor;
    this.headers = { authorization };
  }

  // The links of all domains, in the order of the domains: a list at the vendor has those of one domain.
  links(first) {
    const domains = this.#domains();
    return domains instanceof Promise
      ? domains.then((known) => this.#linksOf(known, first))
      : this.#linksOf(domains, first);
  }

  domain(name) {
    const domains = this.#domains();
    return domains instanceof Promise ? domains.then((known) => known.get(name)) : domains.get(name);
  }

  #linksOf(domains, first) {
    const lists = [...domains.keys()].map((name) =>
      this.#read(`/urls?domain=${name}&offset=0&limit=100`, (answer) => answer.urls.map(toLink)),
    );
    return lists.some((list) => list instanceof Promise)
      ? Promise.all(lists).then((read) => read.flat().slice(0, first))
      : lists.flat().slice(0, first);
  }

  #domains() {
    return this.#read(
      "/domains",
      (answer) => new Map(answer.domains.map((each) => [each.domain, { name: each.domain, https: each.use_https }])),
    );
  }

  // Known answers come without a promise, so that nothing waits for a turn of the event loop.
  #read(path, parse) {
    const known = this.#known.get(path);
    return known !== undefined && known.until > Date.now() ? known.value : this.#fetch(path, parse);
  }

  async #fetch(path, parse) {
    const answer = await fetch(this.vendor + path, { headers: this.headers });
    const value = parse(await answer.json());
    this.#known.set(path, { value, until: Date.now() + FRESH_MILLISECONDS });
    return value;
  }
}

function toLink(url) {
  const domain = url.short_url.slice(0, url.short_url.indexOf("/"));
  return { shortUrl: `https://${url.short_url}`, slug: url.hash, destination: url.long_url, note: url.note, domain };
}

export const typeDefs = /* GraphQL */ `
  type Query {
    links(first: Int!): LinkConnection!
  }

  type LinkConnection {
    nodes: [Link!]!
  }

  type Link {
    shortUrl: String!
    slug: String!
    destination: String!
    note: String
    domain: Domain
  }

  type Domain {
    name: String!
    https: Boolean
  }
`;

export function resolversOver(sources) {
  return {
    Query: { links: (_, { first }) => ({ first }) },
    LinkConnection: { nodes: ({ first }) => sources.links(first) },
    Link: { domain: (link) => sources.domain(link.domain) },
  };
}
