/** What the browser runs first: it asks for the first screen, and then loads the page. */

import 'uplot/dist/uPlot.min.css'
import './styles/base.css'
import './styles/layout.css'
import './styles/parts.css'
import './styles/forms.css'
import './styles/links.css'
import './styles/screens.css'

import { daysOf, lastDays, rangeOf } from './days'
import { askEarly } from './early'
import { currentToken } from './token'

// vite.config.js reads them from the manifest.
declare const HASHES: { Gateway: string; KnownByAccount: string }

const route = new URLSearchParams(window.location.search)
askEarly('Gateway', HASHES.Gateway, {}, currentToken())
if ((route.get('view') ?? 'overview') === 'overview') {
  askEarly('KnownByAccount', HASHES.KnownByAccount, { range: rangeOf(lastDays(daysOf(route.get('days')))) }, currentToken())
}

void import('./main')
