import './workers'
// Before the style sheets below, which refine what the editor brings with it.
import 'monaco-graphql/esm/monaco-editor.js'
import '@graphiql/react/style.css'
import '@graphiql/plugin-doc-explorer/style.css'
import '@graphiql/plugin-history/style.css'
import '@graphiql/plugin-explorer/style.css'
import 'graphiql/graphiql.css'
import './page.css'

import { explorerPlugin } from '@graphiql/plugin-explorer'
import { ImagePreview } from '@graphiql/react'
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql'
import { createRoot } from 'react-dom/client'

import { EditorHabits } from './EditorHabits'
import { examples } from './examples'
import { fetcher } from './fetcher'
import { isFirstVisit, persistsHeaders, storage } from './storage'
import { TokenPrompt } from './TokenPrompt'

// Pointing at an image's address in an answer would fetch it from its own host.
ImagePreview.shouldRender = () => false

const plugins = [HISTORY_PLUGIN, explorerPlugin()]

createRoot(document.getElementById('root')!).render(
  <GraphiQL
    fetcher={fetcher}
    storage={storage}
    plugins={plugins}
    defaultTabs={examples}
    // Of the tab that is open at first, GraphiQL shows the variables only if it is told them apart (FOUND, 5.4.0).
    initialVariables={(isFirstVisit() && examples[0]?.variables) || undefined}
    // GraphiQL forgets the setting on reload unless it is told, and then hides it unless it is told (FOUND, 5.4.0).
    shouldPersistHeaders={persistsHeaders()}
    showPersistHeadersSettings
  >
    <GraphiQL.Logo>
      <span className="linkweave-name">Linkweave</span>
      <TokenPrompt />
      <EditorHabits />
    </GraphiQL.Logo>
  </GraphiQL>,
)
