// Mercurius, with its compiler of queries (graphql-jit): node mercurius.mjs VENDOR AUTHORIZATION
import fastify from "fastify";
import mercurius from "mercurius";

import { resolversOver, Sources, typeDefs } from "./sources.mjs";

const [vendor, authorization] = process.argv.slice(2);
const app = fastify();
app.register(mercurius, { schema: typeDefs, resolvers: resolversOver(new Sources(vendor, authorization)), jit: 1 });
console.log(`up at ${await app.listen({ port: 0, host: "127.0.0.1" })}`);
