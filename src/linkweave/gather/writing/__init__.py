"""Mutations over several accounts."""
