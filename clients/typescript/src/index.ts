export { type LinkweaveOptions, createLinkweaveClient, errorCodes } from './client.js'
export * from './generated.js'
