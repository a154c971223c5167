/**
 * A Prettier plug-in for JSON with comments, on the parser that GraphiQL carries anyway.
 *
 * GraphiQL's *Prettify* asks Prettier for its `jsonc` parser and printer; vite.config.js answers with these in the place
 * of Prettier's own, which bring all of Babel (540 kB).
 */
import { applyEdits, format } from 'jsonc-parser'

interface Formatted {
  text: string
}

function parse(text: string): Formatted {
  return { text: applyEdits(text, format(text, undefined, { insertSpaces: true, tabSize: 2 })) }
}

export const parsers = {
  jsonc: { parse, astFormat: 'formatted', locStart: () => 0, locEnd: (root: Formatted) => root.text.length },
}

export const printers = {
  formatted: { print: (path: { node: Formatted }) => path.node.text },
}
