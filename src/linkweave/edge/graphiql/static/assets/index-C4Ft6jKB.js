import{a as e}from"./rolldown-runtime-BWaJ3C7D.js";import{B as t,Q as n,V as r,X as i,Z as a,s as o}from"./monaco-BwFdr_MR.js";import{a as s,c,d as l,h as u,i as d,l as f,m as p,n as m,o as h,r as g,s as _,t as v,u as y}from"./vendor-CoJgBzWh.js";function b(e){switch(e){case`json`:return new a;case`graphql`:return new i;default:return new n}}self.MonacoEnvironment={getWorker:(e,t)=>b(t)};var x=d(),S=e(p(),1),C=`(max-width: 700px)`;function w(e){return[``,`{}`].includes((e??``).replaceAll(/\s/g,``))}function T(){let{queryEditor:e,variableEditor:t,headerEditor:n,tabs:r,activeTabIndex:i}=h(l(`queryEditor`,`variableEditor`,`headerEditor`,`tabs`,`activeTabIndex`)),a=(0,S.useRef)(!0),o=r[i],s=w(o?.variables)&&w(o?.headers);return(0,S.useEffect)(()=>{let r=window.matchMedia(C),i=()=>{for(let i of[e,t,n])i?.updateOptions({wordWrap:`on`,wrappingIndent:`indent`,lineNumbers:r.matches?`off`:`on`,folding:!r.matches})};return i(),r.addEventListener(`change`,i),()=>r.removeEventListener(`change`,i)},[e,t,n]),(0,S.useEffect)(()=>{let e=a.current;if(a.current=!1,e&&s)return;let t=s?`Hide editor tools`:`Show editor tools`;document.querySelector(`[aria-label="${t}"]`)?.click()},[o?.id]),null}var E=Object.assign({"./examples/01-campaign.graphql":`# One question over all vendors. The first answer takes some seconds: PicSee allows one call a second.
query Campaign {
  links(first: 6, filter: { tags: { any: ["launch"] } }) {
    nodes {
      shortUrl
      destination
      createdAt
      clicks
      account { key }
      domain { name }
      tags { name }
      stats {
        clicks
        uniqueClicks
        countries: breakdown(by: COUNTRY, first: 3) { buckets { label clicks uniqueClicks } }
        referrers: breakdown(by: REFERRER, first: 3) { buckets { key clicks uniqueClicks } }
      }
    }
    sources { account { key } status returned error { code } }
  }
  social: link(shortUrl: "https://cutt.ly/spring-sale") {
    title
    account { key }
    stats { clicks botClicks countries: breakdown(by: COUNTRY, first: 3) { buckets { label clicks } } }
  }
  stats(filter: { tags: { any: ["launch"] } }) {
    links
    clicks
    uniqueClicks
    complete
    byAccount { account { key } links clicks uniqueClicks }
    sources { account { key } status counts timeZone }
  }
  tags(first: 5) { nodes { name accounts { key } } }
  domains(first: 40) { nodes { name account { key } } }
  accounts { key provider { name } plan { name } quotas { name used limit } }
}
`,"./examples/02-deferred-statistics.graphql":`# The links come at once, their statistics as the vendors tell them: @defer keeps a slow vendor from holding back the others.
query DeferredStatistics {
  links(first: 5) {
    nodes {
      shortUrl
      account {
        key
      }
      ... on Link @defer {
        stats {
          clicks
          uniqueClicks
          breakdown(by: COUNTRY, first: 3) {
            buckets {
              key
              clicks
              uniqueClicks
            }
          }
          sources {
            status
            counts
            timeZone
          }
        }
      }
    }
  }
}
`,"./examples/03-create-with-fail-over.graphql":`# Made at tiny.cc; at PicSee if tiny.cc is down, out of quota or rate limited. Run it twice: the same key makes one link.
mutation CreateWithFailOver {
  createLink(
    input: {
      accounts: ["tinycc", "picsee-main"]
      destination: "https://www.example.com/spring"
      tags: ["spring"]
      idempotencyKey: "try-me"
    }
  ) {
    created
    link {
      id
      shortUrl
      account {
        key
      }
    }
    errors {
      code
      message
      path
    }
  }
}
`,"./examples/04-upload.graphql":`# A picture of one pixel, and a short link to it. Larger files go as a multipart request, with operations.json holding
# {"query": "mutation($f: File) { uploadFile(input: {account: ..., file: $f}) { upload { url } } }", "variables": {"f": null}}
#   curl http://127.0.0.1:8000/graphql -H "GraphQL-Require-Preflight: 1" -F operations=@operations.json
#     -F map='{"0": ["variables.f"]}' -F 0=@picture.png
mutation Upload {
  uploadFile(
    input: {
      account: "chevereto"
      base64: "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
      title: "One pixel"
      shorten: { accounts: ["tinycc"] }
    }
  ) {
    upload {
      url
      mimeType
      size
    }
    link {
      shortUrl
      destination
    }
    errors {
      code
      message
      path
    }
  }
}
`,"./examples/05-providers.graphql":`query Providers {
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
`}),D=Object.assign({}),O=Object.entries(E).map(([e,t])=>({query:t,variables:D[e.replace(/\.graphql$/,`.json`)]??null}));o();var k=null,A=!1,j=null,M=null;function N(e){M=e}async function P(e){return j??=(async()=>{k=await M?.(e)??null,A=k===null,j=null})(),j}async function F(){await P(!1)}function I(e,t){let n=new Headers(e?.headers);return t!==null&&!n.has(`authorization`)&&n.set(`authorization`,`Bearer ${t}`),{...e,headers:n}}var L=async(e,t)=>{for(;;){let n=k,r=await fetch(e,I(t,n));if(r.status!==401||A||new Headers(t?.headers).has(`authorization`)||(k===n&&await P(n!==null),k===null))return r}};function R(e){try{return t(e,{noLocation:!0}).definitions.filter(e=>e.kind===r.OPERATION_DEFINITION)}catch{return null}}function z(e){let t=e.operationName==null?null:R(e.query);return t===null?e:{...e,operationName:f(void 0,e.operationName??void 0,t)}}var B=y({url:window.location.pathname,fetch:L,headers:{accept:`multipart/mixed; deferSpec=20220824, application/graphql-response+json, application/json`}}),V=(e,t)=>B(z(e),t),H=`graphiql:tabState`,U=`graphiql:shouldPersistHeaders`,W=[`graphiql:queries`,`graphiql:favorites`],G=c({namespace:`linkweave`});function K(){return G.getItem(U)===`true`}function q(){return G.getItem(H)===null}function J(e){return JSON.stringify(JSON.parse(e),(e,t)=>e===`headers`?void 0:t)}var Y={getItem:G.getItem,removeItem:G.removeItem,clear:G.clear,get length(){return G.length},setItem(e,t){G.setItem(e,W.includes(e)&&!K()?J(t):t)}},X=u();function Z(){let e=(0,S.useRef)(null),t=(0,S.useRef)(()=>void 0),[n,r]=(0,S.useState)(!1),[i,a]=(0,S.useState)(!1),{introspect:o}=_();(0,S.useEffect)(()=>{N(n=>new Promise(i=>{t.current=i,r(!0),a(n),e.current?.showModal()}))},[]);function s(n){e.current?.close(),t.current(n)}return(0,X.jsxs)(X.Fragment,{children:[n&&(0,X.jsx)(`button`,{type:`button`,className:`linkweave-token-button`,onClick:()=>void F().then(()=>o()),children:`Token`}),(0,X.jsx)(`dialog`,{ref:e,className:`linkweave-token`,"aria-labelledby":`linkweave-token-title`,onCancel:()=>s(null),children:(0,X.jsxs)(`form`,{onSubmit:e=>{e.preventDefault();let t=e.currentTarget.elements.namedItem(`token`),n=t.value.trim();t.value=``,s(n===``?null:n)},children:[(0,X.jsx)(`h2`,{id:`linkweave-token-title`,children:`This gateway needs a token`}),i&&(0,X.jsx)(`p`,{role:`alert`,children:`It does not accept the last one.`}),(0,X.jsxs)(`label`,{children:[`Token`,(0,X.jsx)(`input`,{type:`password`,name:`token`,autoComplete:`off`,spellCheck:!1,placeholder:`lw_…`})]}),(0,X.jsx)(`p`,{children:`The page sends it as Authorization: Bearer … with each request. A reload forgets it.`}),(0,X.jsxs)(`menu`,{children:[(0,X.jsx)(`button`,{type:`button`,onClick:()=>s(null),children:`Go on without`}),(0,X.jsx)(`button`,{type:`submit`,children:`Use token`})]})]})})]})}s.shouldRender=()=>!1;var Q=[m,g()];(0,x.createRoot)(document.getElementById(`root`)).render((0,X.jsx)(v,{fetcher:V,storage:Y,plugins:Q,defaultTabs:O,initialVariables:q()&&O[0]?.variables||void 0,shouldPersistHeaders:K(),showPersistHeadersSettings:!0,children:(0,X.jsxs)(v.Logo,{children:[(0,X.jsx)(`span`,{className:`linkweave-name`,children:`Linkweave`}),(0,X.jsx)(Z,{}),(0,X.jsx)(T,{})]})}));