import{i as e}from"./rolldown-runtime-COiEfhsA.js";import{F as t,s as n}from"./useAsked-BgG1i8o4.js";import{d as r,f as i,n as a,s as o,u as s}from"./format-D1ypACtp.js";import{c,g as l,h as u,l as d,m as f,p,r as m,t as h}from"./Notice-BE6e3qdE.js";import{t as g}from"./live-TFEGkrm2.js";import{t as _}from"./AccountSelect-BIcOy6Vd.js";import{i as v}from"./index-43BncV6N.js";import{t as y}from"./AccountName-Cc7bK8lO.js";var b=e(t(),1),x=n(`
  subscription ActivityChanges($filter: LinkFilter, $after: ID) {
    linkChanges(filter: $filter, after: $after) {
      id
      at
      kind
      seenBy
      account { key label }
      linkId
      link { id shortUrl title destination }
      fields { name before after }
    }
  }
`),S=n(`
  subscription ActivityClicks($filter: LinkFilter, $after: ID) {
    clicks(filter: $filter, after: $after) {
      id
      at
      kind
      seenBy
      count
      country
      device
      referrer
      account { key label }
      link { id shortUrl title }
    }
  }
`),C=n(`
  subscription ActivityHealth($accounts: [ID!]) {
    accountHealth(accounts: $accounts) {
      state
      circuit
      lastSuccessAt
      lastError { message }
      account { key label }
    }
  }
`),w=i(),T={CREATED:`good`,DELETED:`bad`,GAP:`warn`};function E({entry:e}){let{event:t}=e;return(0,w.jsxs)(`li`,{className:t.kind===`GAP`?`event gap`:`event`,children:[(0,w.jsx)(`time`,{dateTime:t.at,children:s(t.at)}),(0,w.jsx)(`span`,{className:`badge ${T[t.kind]??``}`,children:e.of===`clicks`&&t.kind!==`GAP`?`+${a(e.event.count)}`:r(t.kind)}),(0,w.jsx)(`div`,{children:t.kind===`GAP`?(0,w.jsxs)(`p`,{children:[`Some `,e.of===`clicks`?`clicks`:`changes`,` of `,(0,w.jsx)(y,{of:t.account}),` are missing here: the gateway does not have them any more.`,` `,(0,w.jsx)(p,{href:f(`links`,{account:t.account.key}),children:`Look at its links`})]}):(0,w.jsxs)(w.Fragment,{children:[(0,w.jsxs)(`p`,{children:[(0,w.jsx)(D,{event:t}),` `,(0,w.jsx)(`span`,{className:`quiet`,children:(0,w.jsx)(y,{of:t.account})})]}),e.of===`clicks`?(0,w.jsx)(O,{event:e.event}):(0,w.jsx)(k,{event:e.event})]})})]})}function D({event:e}){if(!e.link)return(0,w.jsx)(w.Fragment,{children:`A link that the gateway does not know any more`});let t=e.link.shortUrl.replace(/^https?:\/\//,``);return e.kind===`DELETED`?(0,w.jsx)(`s`,{children:t}):(0,w.jsx)(p,{href:f(`link`,{id:e.link.id}),children:t})}function O({event:e}){let t=[e.country,e.device,e.referrer].filter(Boolean);return(0,w.jsxs)(`small`,{children:[o(e.count,`click`),` since the gateway last read its total`,t.length>0?`: ${t.join(`, `)}`:``]})}function k({event:e}){return(0,w.jsxs)(w.Fragment,{children:[e.fields.map(t=>(0,w.jsxs)(`small`,{className:`long`,children:[r(t.name),`: `,t.before??(e.kind===`UPDATED`?`not known before`:`none`),` → `,t.after??`none`]},t.name)),(0,w.jsx)(`small`,{children:e.seenBy===`GATEWAY`?`made or read through this gateway`:e.seenBy===`SYNC`?`seen when the gateway read the vendor`:`seen by ${r(e.seenBy??`UNKNOWN`)}`})]})}function A({accounts:e}){let t=c().accounts,n=d(),[r,i]=(0,b.useState)(new Map),a=g(C,{accounts:e},({accountHealth:e})=>i(t=>new Map(t).set(e.account.key,e)));return(0,w.jsxs)(`section`,{"aria-label":`Health of the accounts`,className:`panel flush`,children:[(0,w.jsx)(`h2`,{children:`Accounts`}),a.state===`ENDED`?(0,w.jsx)(`p`,{className:`quiet`,children:a.reason}):null,(0,w.jsx)(`ul`,{className:`healths`,children:t.filter(t=>e===null||e.includes(t.key)).map(e=>(0,w.jsx)(j,{name:n(e),health:r.get(e.key)},e.key))})]})}function j({name:e,health:t}){let n=t?.state??`UNKNOWN`;return(0,w.jsxs)(`li`,{children:[(0,w.jsx)(`strong`,{children:e}),(0,w.jsx)(`span`,{className:`state ${n.toLowerCase()}`,children:r(n)}),(0,w.jsxs)(`small`,{children:[t?.lastSuccessAt?`last answer ${s(t.lastSuccessAt)}`:`not called yet`,t?.circuit===`OPEN`?`; not called for a while, because too many calls failed`:``]}),t?.lastError&&n!==`UP`?(0,w.jsx)(`small`,{className:`long`,children:t.lastError.message}):null]})}var M=200;function N(){let[e,t]=(0,b.useState)([]),[n,r]=(0,b.useState)(0),[i,a]=(0,b.useState)(!1),o=(0,b.useRef)([]),s=(0,b.useRef)(!1),c=(0,b.useCallback)(e=>{s.current=!e,a(!e),e&&t(o.current),r(0)},[]);return{events:e,waiting:n,isPaused:i,add:(0,b.useCallback)(e=>{o.current=[e,...o.current].slice(0,M),s.current?r(e=>e+1):t(o.current)},[]),pause:()=>c(!1),goOn:()=>c(!0)}}var P={CONNECTING:`Connecting …`,LIVE:`Live`,LOST:`The connection is lost. The page tries again, and asks for what it has missed.`,ENDED:`Ended`};function F(){let e=l(),{accounts:t,hasCatalog:n,hasSubscriptions:r,isKnown:i}=c(),a=e.get(`account`);return(0,w.jsxs)(w.Fragment,{children:[(0,w.jsxs)(`header`,{className:`title`,children:[(0,w.jsx)(`h1`,{children:`Activity`}),(0,w.jsx)(_,{label:`Account`,name:`account`,accounts:t,value:a,none:`all`,onChange:e=>u(f(`activity`,{account:e}),!0)})]}),i&&!r?(0,w.jsxs)(m,{children:[(0,w.jsx)(`h2`,{children:`This gateway has no subscriptions`}),(0,w.jsxs)(`p`,{children:[`Its operator has turned them off with `,(0,w.jsx)(`code`,{children:`subscriptions = false`}),` in `,(0,w.jsx)(`code`,{children:`[server]`}),`. Without them, nothing can be told as it happens.`]})]}):null,r&&!n?(0,w.jsx)(m,{children:(0,w.jsxs)(`p`,{children:[`Without the catalog, only what is done through this gateway is told here, and no clicks. `,(0,w.jsx)(`code`,{children:`[catalog]`}),` in the configuration turns it on.`]})}):null,r?(0,w.jsx)(I,{account:a,hasCatalog:n},a):null]})}function I({account:e,hasCatalog:t}){let n=N(),r=(0,b.useMemo)(()=>e?[e]:null,[e]),i=r?{accounts:r}:null,a=g(x,{filter:i},({linkChanges:e})=>n.add({of:`change`,event:e}),{placeOf:({linkChanges:e})=>e.id});return(0,w.jsxs)(`div`,{className:`beside`,children:[(0,w.jsxs)(`section`,{"aria-label":`Events`,className:`panel flush`,children:[(0,w.jsxs)(`div`,{className:`feed-head`,children:[(0,w.jsxs)(`p`,{role:`status`,className:`live ${a.state.toLowerCase()}`,children:[P[a.state],a.reason?`: ${a.reason}`:``]}),a.state===`ENDED`?(0,w.jsx)(`button`,{type:`button`,onClick:()=>void v(),children:`Enter a token`}):null,(0,w.jsx)(`button`,{type:`button`,onClick:n.isPaused?n.goOn:n.pause,children:n.isPaused?`Go on${n.waiting>0?`, ${o(n.waiting,`event`)} waiting`:``}`:`Pause`})]}),t?(0,w.jsx)(L,{filter:i,add:n.add}):null,n.events.length===0?(0,w.jsx)(h,{children:`Nothing has happened since you opened this view. Create or change a link, and it appears here.`}):(0,w.jsx)(`ol`,{className:`events`,"aria-label":`Events, newest first`,children:n.events.map(e=>(0,w.jsx)(E,{entry:e},`${e.of}${e.event.account.key}${e.event.id}`))})]}),(0,w.jsx)(A,{accounts:r})]})}function L({filter:e,add:t}){let n=g(S,{filter:e},e=>t({of:`clicks`,event:e.clicks}),{placeOf:e=>e.clicks.id});return n.state===`ENDED`?(0,w.jsxs)(`p`,{className:`quiet`,children:[`No clicks are told: `,n.reason]}):null}export{F as Activity};