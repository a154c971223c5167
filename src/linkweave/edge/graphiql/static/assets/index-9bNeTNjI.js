import{Q as e,X as t,Z as n}from"./monaco-BwFdr_MR.js";import{a as r,i,n as a,o,r as s,s as c,t as l,u}from"./vendor-cTD6kSbt.js";function d(r){switch(r){case`json`:return new n;case`graphql`:return new t;default:return new e}}self.MonacoEnvironment={getWorker:(e,t)=>d(t)};var f=i(),p=Object.assign({"./examples/01-providers.graphql":`query Providers {
  providers {
    id
    name
    capabilities
    accounts {
      key
      label
    }
  }
}
`}),m=Object.assign({}),h=Object.entries(p).map(([e,t])=>({query:t,variables:m[e.replace(/\.graphql$/,`.json`)]??null})),g=`graphiql:tabState`,_=`graphiql:shouldPersistHeaders`,v=[`graphiql:queries`,`graphiql:favorites`],y=o({namespace:`linkweave`});function b(){return y.getItem(_)===`true`}function x(){return y.getItem(g)===null}function S(e){return JSON.stringify(JSON.parse(e),(e,t)=>e===`headers`?void 0:t)}var C={getItem:y.getItem,removeItem:y.removeItem,clear:y.clear,get length(){return y.length},setItem(e,t){y.setItem(e,v.includes(e)&&!b()?S(t):t)}},w=u();r.shouldRender=()=>!1;var T=c({url:window.location.pathname,headers:{accept:`multipart/mixed; deferSpec=20220824, application/graphql-response+json, application/json`}}),E=[a,s()];(0,f.createRoot)(document.getElementById(`root`)).render((0,w.jsx)(l,{fetcher:T,storage:C,plugins:E,defaultTabs:h,initialVariables:x()&&h[0]?.variables||void 0,defaultEditorToolsVisibility:!0,shouldPersistHeaders:b(),showPersistHeadersSettings:!0,children:(0,w.jsx)(l.Logo,{children:`Linkweave`})}));