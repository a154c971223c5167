// GraphQL Yoga: node yoga.mjs VENDOR AUTHORIZATION [cached]
import { createServer } from "node:http";

import { useResponseCache } from "@graphql-yoga/plugin-response-cache";
import { createSchema, createYoga } from "graphql-yoga";

import { resolversOver, Sources, typeDefs } from "./sources.mjs";

const [vendor, authorization, cached] = process.argv.slice(2);
const resolvers = resolversOver(new Sources(vendor, authorization));
const plugins = cached ? [useResponseCache({ session: () => null, ttl: 60_000 })] : [];
const yoga = createYoga({ schema: createSchema({ typeDefs, resolvers }), plugins, logging: false, graphiql: false });
const server = createServer(yoga).listen(0, "127.0.0.1", () => {
  console.log(`up at http://127.0.0.1:${server.address().port}`);
});
