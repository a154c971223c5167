import{i as e}from"./rolldown-runtime-COiEfhsA.js";import{F as t,s as n}from"./useAsked-BSrpj4kg.js";import{d as r,f as i,p as a,s as o,u as s}from"./format-CC0B-u5x.js";import{c,g as l,h as u,l as d,m as f,p,r as m,t as h}from"./Notice-DEBXNmwu.js";import{t as g}from"./live-Yw8AOeML.js";import{t as _}from"./AccountSelect-BWF888fg.js";import{i as v}from"./index-DBejrUav.js";import{t as y}from"./AccountName-BeC62RK1.js";import{t as b}from"./countries-CddcfPMW.js";var x=e(t(),1),S=n(`
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
`),C=n(`
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
`),w=n(`
  subscription ActivityHealth($accounts: [ID!]) {
    accountHealth(accounts: $accounts) {
      state
      circuit
      lastSuccessAt
      lastError { message }
      account { key label }
    }
  }
`),T=a(),E={CREATED:`good`,DELETED:`bad`,GAP:`warn`};function D({entry:e}){let{event:t}=e;return(0,T.jsxs)(`li`,{className:t.kind===`GAP`?`event gap`:`event`,children:[(0,T.jsx)(`time`,{dateTime:t.at,children:s(t.at)}),(0,T.jsx)(`span`,{className:`badge ${E[t.kind]??``}`,children:e.of===`clicks`&&t.kind!==`GAP`?o(e.event.count,`click`):i(t.kind)}),(0,T.jsx)(`div`,{className:e.of===`clicks`?`line`:void 0,children:t.kind===`GAP`?(0,T.jsxs)(`p`,{children:[`Some `,e.of===`clicks`?`clicks`:`changes`,` of `,(0,T.jsx)(y,{of:t.account}),` are missing here: the gateway does not have them any more.`,` `,(0,T.jsx)(p,{href:f(`links`,{account:t.account.key}),children:`Look at its links`})]}):(0,T.jsxs)(T.Fragment,{children:[(0,T.jsxs)(`p`,{children:[(0,T.jsx)(O,{event:t}),` `,(0,T.jsx)(`span`,{className:`quiet`,children:(0,T.jsx)(y,{of:t.account})})]}),e.of===`clicks`?(0,T.jsx)(k,{event:e.event}):(0,T.jsx)(A,{event:e.event})]})})]})}function O({event:e}){if(!e.link)return(0,T.jsx)(T.Fragment,{children:`A link that the gateway does not know any more`});let t=e.link.shortUrl.replace(/^https?:\/\//,``);return e.kind===`DELETED`?(0,T.jsx)(`s`,{children:t}):(0,T.jsx)(p,{href:f(`link`,{id:e.link.id}),children:t})}function k({event:e}){let t=e.referrer?.replace(/^https?:\/\//,``),n=[e.country?b(e.country):``,e.device?.toLowerCase(),t?`from ${t}`:``].filter(Boolean).join(`, `);return(0,T.jsx)(`small`,{className:`long`,children:e.seenBy===`WEBHOOK`?n||`told by the vendor`:`since the gateway last read its total${n?`: ${n}`:``}`})}function A({event:e}){return(0,T.jsxs)(T.Fragment,{children:[e.fields.map(t=>(0,T.jsxs)(`small`,{className:`long`,children:[i(t.name),`: `,r(t.before)??(e.kind===`UPDATED`?`not known before`:`none`),` → `,r(t.after)??`none`]},t.name)),(0,T.jsx)(`small`,{children:e.seenBy===`GATEWAY`?`made or read through this gateway`:e.seenBy===`SYNC`?`seen when the gateway read the vendor`:`told by the vendor`})]})}function j({accounts:e}){let t=c().accounts,n=d(),[r,i]=(0,x.useState)(new Map),a=g(w,{accounts:e},({accountHealth:e})=>i(t=>new Map(t).set(e.account.key,e)));return(0,T.jsxs)(`section`,{"aria-label":`Health of the accounts`,className:`panel flush`,children:[(0,T.jsx)(`h2`,{children:`Accounts`}),a.state===`ENDED`?(0,T.jsx)(`p`,{className:`quiet`,children:a.reason}):null,(0,T.jsx)(`ul`,{className:`healths`,children:t.filter(t=>e===null||e.includes(t.key)).map(e=>(0,T.jsx)(M,{name:n(e),health:r.get(e.key)},e.key))})]})}function M({name:e,health:t}){let n=t?.state??`UNKNOWN`;return(0,T.jsxs)(`li`,{children:[(0,T.jsx)(`strong`,{children:e}),(0,T.jsx)(`span`,{className:`state ${n.toLowerCase()}`,children:i(n)}),(0,T.jsxs)(`small`,{children:[t?.lastSuccessAt?`last answer ${s(t.lastSuccessAt)}`:`not called yet`,t?.circuit===`OPEN`?`; not called for a while, because too many calls failed`:``]}),t?.lastError&&n!==`UP`?(0,T.jsx)(`small`,{className:`long`,children:t.lastError.message}):null]})}var N=200;function P(){let[e,t]=(0,x.useState)([]),[n,r]=(0,x.useState)(0),[i,a]=(0,x.useState)(!1),o=(0,x.useRef)([]),s=(0,x.useRef)({paused:!1,held:!1}),c=(0,x.useCallback)(e=>{Object.assign(s.current,e),a(s.current.paused),s.current.paused||s.current.held||(t(o.current),r(0))},[]),l=(0,x.useCallback)(e=>c({paused:e}),[c]),u=(0,x.useCallback)(e=>c({held:e}),[c]);return{events:e,waiting:n,isPaused:i,add:(0,x.useCallback)(e=>{o.current=[e,...o.current].slice(0,N),s.current.paused||s.current.held?r(e=>e+1):t(o.current)},[]),pause:l,hold:u}}var F={CONNECTING:`Connecting …`,LIVE:`Live`,LOST:`The connection is lost. The page tries again, and asks for what it has missed.`,ENDED:`Ended`};function I(){let e=l(),{accounts:t,hasCatalog:n,hasSubscriptions:r,hasWebhooks:i,isKnown:a}=c(),o=e.get(`account`);return(0,T.jsxs)(T.Fragment,{children:[(0,T.jsxs)(`header`,{className:`title`,children:[(0,T.jsx)(`h1`,{children:`Activity`}),(0,T.jsx)(_,{label:`Account`,name:`account`,accounts:t,value:o,none:`all`,onChange:e=>u(f(`activity`,{account:e}),!0)})]}),a&&!r?(0,T.jsxs)(m,{children:[(0,T.jsx)(`h2`,{children:`This gateway has no subscriptions`}),(0,T.jsxs)(`p`,{children:[`Its operator has turned them off with `,(0,T.jsx)(`code`,{children:`subscriptions = false`}),` in `,(0,T.jsx)(`code`,{children:`[server]`}),`. Without them, nothing can be told as it happens.`]})]}):null,r&&!n?(0,T.jsx)(m,{children:(0,T.jsxs)(`p`,{children:[`Without the catalog, you see only what is done through this gateway`,i?`, and what webhooks tell`:`, and no clicks`,`. `,(0,T.jsx)(`code`,{children:`[catalog]`}),` in the configuration turns it on.`]})}):null,r?(0,T.jsx)(L,{account:o,hasClicks:n||i},o):null]})}function L({account:e,hasClicks:t}){let n=P(),r=(0,x.useMemo)(()=>e?[e]:null,[e]),i=r?{accounts:r}:null,a=g(S,{filter:i},({linkChanges:e})=>n.add({of:`change`,event:e}),{placeOf:({linkChanges:e})=>e.id});return(0,T.jsxs)(`div`,{className:`beside`,children:[(0,T.jsxs)(`section`,{"aria-label":`Events`,className:`panel flush`,children:[(0,T.jsxs)(`div`,{className:`feed-head`,children:[(0,T.jsxs)(`p`,{role:`status`,className:`live ${a.state.toLowerCase()}`,children:[F[a.state],a.reason?`: ${a.reason}`:``]}),a.state===`ENDED`?(0,T.jsx)(`button`,{type:`button`,onClick:()=>void v(),children:`Enter a token`}):null,n.waiting>0?(0,T.jsxs)(`span`,{className:`quiet`,children:[o(n.waiting,`event`),` waiting`]}):null,(0,T.jsx)(`button`,{type:`button`,onClick:()=>n.pause(!n.isPaused),children:n.isPaused?`Go on`:`Pause`})]}),t?(0,T.jsx)(R,{filter:i,add:n.add}):null,n.events.length===0?(0,T.jsx)(h,{children:`Nothing has happened since you opened this view. Create or change a link, and it appears here.`}):(0,T.jsx)(`ol`,{className:`events`,"aria-label":`Events, newest first`,onPointerEnter:()=>n.hold(!0),onPointerLeave:()=>n.hold(!1),onFocus:()=>n.hold(!0),onBlur:()=>n.hold(!1),children:n.events.map(e=>(0,T.jsx)(D,{entry:e},`${e.of}${e.event.account.key}${e.event.id}`))})]}),(0,T.jsx)(j,{accounts:r})]})}function R({filter:e,add:t}){let n=g(C,{filter:e},e=>t({of:`clicks`,event:e.clicks}),{placeOf:e=>e.clicks.id});return n.state===`ENDED`?(0,T.jsxs)(`p`,{className:`quiet`,children:[`No clicks are told: `,n.reason]}):null}export{I as Activity};