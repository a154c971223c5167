"""The gateway in a process of its own, under load from another one."""
