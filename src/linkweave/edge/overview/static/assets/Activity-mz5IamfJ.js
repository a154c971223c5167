import{i as e}from"./rolldown-runtime-COiEfhsA.js";import{F as t,s as n}from"./useAsked-CV2nQYui.js";import{d as r,f as i,m as a,p as o,s,u as c}from"./format-DCzMj6Yx.js";import{c as l,g as u,h as d,l as f,m as p,p as m,r as h,t as g}from"./Notice-Cn7qiLZ9.js";import{t as _}from"./live-DMUaERne.js";import{t as v}from"./AccountSelect-DDEiO2JR.js";import{i as y}from"./index-7ADGMUT4.js";import{t as b}from"./AccountName-hapE3jBd.js";import{t as x}from"./countries-CddcfPMW.js";var S=e(t(),1),C=n(`
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
`),w=n(`
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
`),T=n(`
  subscription ActivityHealth($accounts: [ID!]) {
    accountHealth(accounts: $accounts) {
      state
      circuit
      lastSuccessAt
      lastError { message }
      account { key label }
    }
  }
`),E=a(),D={CREATED:`good`,DELETED:`bad`,GAP:`warn`};function O({entry:e}){let{event:t}=e;return(0,E.jsxs)(`li`,{className:t.kind===`GAP`?`event gap`:`event`,children:[(0,E.jsx)(`time`,{dateTime:t.at,children:c(t.at)}),(0,E.jsx)(`span`,{className:`badge ${D[t.kind]??``}`,children:e.of===`clicks`&&t.kind!==`GAP`?s(e.event.count,`click`):o(t.kind)}),(0,E.jsx)(`div`,{className:e.of===`clicks`?`line`:void 0,children:t.kind===`GAP`?(0,E.jsxs)(`p`,{children:[`Some `,e.of===`clicks`?`clicks`:`changes`,` of `,(0,E.jsx)(b,{of:t.account}),` are missing here: the gateway does not have them any more.`,` `,(0,E.jsx)(m,{href:p(`links`,{account:t.account.key}),children:`Look at its links`})]}):(0,E.jsxs)(E.Fragment,{children:[(0,E.jsxs)(`p`,{children:[(0,E.jsx)(k,{event:t}),` `,(0,E.jsx)(`span`,{className:`quiet`,children:(0,E.jsx)(b,{of:t.account})})]}),e.of===`clicks`?(0,E.jsx)(A,{event:e.event}):(0,E.jsx)(j,{event:e.event})]})})]})}function k({event:e}){if(!e.link)return(0,E.jsx)(E.Fragment,{children:`A link that the gateway does not know any more`});let t=i(e.link.shortUrl);return e.kind===`DELETED`?(0,E.jsx)(`s`,{children:t}):(0,E.jsx)(m,{href:p(`link`,{id:e.link.id}),children:t})}function A({event:e}){let t=e.referrer&&i(e.referrer),n=[e.country?x(e.country):``,e.device?.toLowerCase(),t?`from ${t}`:``].filter(Boolean).join(`, `);return(0,E.jsx)(`small`,{className:`long`,children:e.seenBy===`WEBHOOK`?n||`told by the vendor`:`since the gateway last read its total${n?`: ${n}`:``}`})}function j({event:e}){return(0,E.jsxs)(E.Fragment,{children:[e.fields.map(t=>(0,E.jsxs)(`small`,{className:`long`,children:[o(t.name),`: `,r(t.before)??(e.kind===`UPDATED`?`not known before`:`none`),` → `,r(t.after)??`none`]},t.name)),(0,E.jsx)(`small`,{children:e.seenBy===`GATEWAY`?`made or read through this gateway`:e.seenBy===`SYNC`?`seen when the gateway read the vendor`:`told by the vendor`})]})}function M({accounts:e}){let t=l().accounts,n=f(),[r,i]=(0,S.useState)(new Map),a=_(T,{accounts:e},({accountHealth:e})=>i(t=>new Map(t).set(e.account.key,e)));return(0,E.jsxs)(`section`,{"aria-label":`Health of the accounts`,className:`panel flush`,children:[(0,E.jsx)(`h2`,{children:`Accounts`}),a.state===`ENDED`?(0,E.jsx)(`p`,{className:`quiet`,children:a.reason}):null,(0,E.jsx)(`ul`,{className:`healths`,children:t.filter(t=>e===null||e.includes(t.key)).map(e=>(0,E.jsx)(N,{name:n(e),health:r.get(e.key)},e.key))})]})}function N({name:e,health:t}){let n=t?.state??`UNKNOWN`;return(0,E.jsxs)(`li`,{children:[(0,E.jsx)(`strong`,{children:e}),(0,E.jsx)(`span`,{className:`state ${n.toLowerCase()}`,children:o(n)}),(0,E.jsxs)(`small`,{children:[t?.lastSuccessAt?`last answer ${c(t.lastSuccessAt)}`:`not called yet`,t?.circuit===`OPEN`?`; not called for a while, because too many calls failed`:``]}),t?.lastError&&n!==`UP`?(0,E.jsx)(`small`,{className:`long`,children:t.lastError.message}):null]})}var P=200;function F(){let[e,t]=(0,S.useState)([]),[n,r]=(0,S.useState)(0),[i,a]=(0,S.useState)(!1),o=(0,S.useRef)([]),s=(0,S.useRef)({paused:!1,held:!1}),c=(0,S.useCallback)(e=>{Object.assign(s.current,e),a(s.current.paused),s.current.paused||s.current.held||(t(o.current),r(0))},[]),l=(0,S.useCallback)(e=>c({paused:e}),[c]),u=(0,S.useCallback)(e=>c({held:e}),[c]);return{events:e,waiting:n,isPaused:i,add:(0,S.useCallback)(e=>{o.current=[e,...o.current].slice(0,P),s.current.paused||s.current.held?r(e=>e+1):t(o.current)},[]),pause:l,hold:u}}var I={CONNECTING:`Connecting …`,LIVE:`Live`,LOST:`The connection is lost. The page tries again, and asks for what it has missed.`,ENDED:`Ended`};function L(){let e=u(),{accounts:t,hasCatalog:n,hasSubscriptions:r,hasWebhooks:i,isKnown:a}=l(),o=e.get(`account`);return(0,E.jsxs)(E.Fragment,{children:[(0,E.jsxs)(`header`,{className:`title`,children:[(0,E.jsx)(`h1`,{children:`Activity`}),(0,E.jsx)(v,{label:`Account`,name:`account`,accounts:t,value:o,none:`all`,onChange:e=>d(p(`activity`,{account:e}),!0)})]}),a&&!r?(0,E.jsxs)(h,{children:[(0,E.jsx)(`h2`,{children:`This gateway has no subscriptions`}),(0,E.jsxs)(`p`,{children:[`Its operator has turned them off with `,(0,E.jsx)(`code`,{children:`subscriptions = false`}),` in `,(0,E.jsx)(`code`,{children:`[server]`}),`. Without them, nothing can be told as it happens.`]})]}):null,r&&!n?(0,E.jsx)(h,{children:(0,E.jsxs)(`p`,{children:[`Without the catalog, you see only what is done through this gateway`,i?`, and what webhooks tell`:`, and no clicks`,`. `,(0,E.jsx)(`code`,{children:`[catalog]`}),` in the configuration turns it on.`]})}):null,r?(0,E.jsx)(R,{account:o,hasClicks:n||i},o):null]})}function R({account:e,hasClicks:t}){let n=F(),r=(0,S.useMemo)(()=>e?[e]:null,[e]),i=r?{accounts:r}:null,a=_(C,{filter:i},({linkChanges:e})=>n.add({of:`change`,event:e}),{placeOf:({linkChanges:e})=>e.id});return(0,E.jsxs)(`div`,{className:`beside`,children:[(0,E.jsxs)(`section`,{"aria-label":`Events`,className:`panel flush`,children:[(0,E.jsxs)(`div`,{className:`feed-head`,children:[(0,E.jsxs)(`p`,{role:`status`,className:`live ${a.state.toLowerCase()}`,children:[I[a.state],a.reason?`: ${a.reason}`:``]}),a.state===`ENDED`?(0,E.jsx)(`button`,{type:`button`,onClick:()=>void y(),children:`Enter a token`}):null,n.waiting>0?(0,E.jsxs)(`span`,{className:`quiet`,children:[s(n.waiting,`event`),` waiting`]}):null,(0,E.jsx)(`button`,{type:`button`,onClick:()=>n.pause(!n.isPaused),children:n.isPaused?`Go on`:`Pause`})]}),t?(0,E.jsx)(z,{filter:i,add:n.add}):null,n.events.length===0?(0,E.jsx)(g,{children:`Nothing has happened since you opened this view. Create or change a link, and it appears here.`}):(0,E.jsx)(`ol`,{className:`events`,"aria-label":`Events, newest first`,onPointerEnter:()=>n.hold(!0),onPointerLeave:()=>n.hold(!1),onFocus:()=>n.hold(!0),onBlur:()=>n.hold(!1),children:n.events.map(e=>(0,E.jsx)(O,{entry:e},`${e.of}${e.event.account.key}${e.event.id}`))})]}),(0,E.jsx)(M,{accounts:r})]})}function z({filter:e,add:t}){let n=_(w,{filter:e},e=>t({of:`clicks`,event:e.clicks}),{placeOf:e=>e.clicks.id});return n.state===`ENDED`?(0,E.jsxs)(`p`,{className:`quiet`,children:[`No clicks are told: `,n.reason]}):null}export{L as Activity};