import{a as e}from"./rolldown-runtime-BWaJ3C7D.js";import{B as t,Q as n,V as r,X as i,Z as a,s as o}from"./monaco-BwFdr_MR.js";import{a as s,c,d as l,f as u,g as d,h as f,i as p,l as m,n as h,o as g,r as _,s as v,t as y,u as b}from"./vendor-ZXYaDdM1.js";function x(e){switch(e){case`json`:return new a;case`graphql`:return new i;default:return new n}}self.MonacoEnvironment={getWorker:(e,t)=>x(t)};var S=s(),C=e(f(),1),w=`(max-width: 700px)`;function T(e){return[``,`{}`].includes((e??``).replaceAll(/\s/g,``))}function E(){let{queryEditor:e,variableEditor:t,headerEditor:n,tabs:r,activeTabIndex:i}=v(u(`queryEditor`,`variableEditor`,`headerEditor`,`tabs`,`activeTabIndex`)),a=(0,C.useRef)(!0),o=r[i],s=T(o?.variables)&&T(o?.headers);return(0,C.useEffect)(()=>{let r=window.matchMedia(w),i=()=>{for(let i of[e,t,n])i?.updateOptions({wordWrap:`on`,wrappingIndent:`indent`,lineNumbers:r.matches?`off`:`on`,folding:!r.matches})};return i(),r.addEventListener(`change`,i),()=>r.removeEventListener(`change`,i)},[e,t,n]),(0,C.useEffect)(()=>{let e=a.current;if(a.current=!1,e&&s)return;let t=s?`Hide editor tools`:`Show editor tools`;document.querySelector(`[aria-label="${t}"]`)?.click()},[o?.id]),null}var D=Object.assign({"./examples/01-campaign.graphql":`# One question over all vendors. The first answer takes some seconds: PicSee allows one call a second.
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
`}),O=Object.assign({}),k=Object.entries(D).map(([e,t])=>({query:t,variables:O[e.replace(/\.graphql$/,`.json`)]??null}));o();var A=null,j=!1,M=null,N=null;function P(e){N=e}async function F(e){return M??=(async()=>{A=await N?.(e)??null,j=A===null,M=null})(),M}function I(){return A===null?{}:{Authorization:`Bearer ${A}`}}async function ee(){await F(!1)}function L(e,t){let n=new Headers(e?.headers);return t!==null&&!n.has(`authorization`)&&n.set(`authorization`,`Bearer ${t}`),{...e,headers:n}}var R=async(e,t)=>{for(;;){let n=A,r=await fetch(e,L(t,n));if(r.status!==401||j||new Headers(t?.headers).has(`authorization`)||(A===n&&await F(n!==null),A===null))return r}};function z(e){try{return t(e,{noLocation:!0}).definitions.filter(e=>e.kind===r.OPERATION_DEFINITION)}catch{return null}}function B(e){let t=e.operationName==null?null:z(e.query);return t===null?e:{...e,operationName:b(void 0,e.operationName??void 0,t)}}var V=l({url:window.location.pathname,fetch:R,wsClient:y({url:`${window.location.origin.replace(`http`,`ws`)}${window.location.pathname}`,connectionParams:I}),headers:{accept:`multipart/mixed; deferSpec=20220824, application/graphql-response+json, application/json`}}),H=(e,t)=>V(B(e),t),U=`graphiql:tabState`,W=`graphiql:shouldPersistHeaders`,G=[`graphiql:queries`,`graphiql:favorites`],K=m({namespace:`linkweave`});function q(){return K.getItem(W)===`true`}function J(){return K.getItem(U)===null}function Y(e){return JSON.stringify(JSON.parse(e),(e,t)=>e===`headers`?void 0:t)}var X={getItem:K.getItem,removeItem:K.removeItem,clear:K.clear,get length(){return K.length},setItem(e,t){K.setItem(e,G.includes(e)&&!q()?Y(t):t)}},Z=d();function Q(){let e=(0,C.useRef)(null),t=(0,C.useRef)(()=>void 0),[n,r]=(0,C.useState)(!1),[i,a]=(0,C.useState)(!1),{introspect:o}=c();(0,C.useEffect)(()=>{P(n=>new Promise(i=>{t.current=i,r(!0),a(n),e.current?.showModal()}))},[]);function s(n){e.current?.close(),t.current(n)}return(0,Z.jsxs)(Z.Fragment,{children:[n&&(0,Z.jsx)(`button`,{type:`button`,className:`linkweave-token-button`,onClick:()=>void ee().then(()=>o()),children:`Token`}),(0,Z.jsx)(`dialog`,{ref:e,className:`linkweave-token`,"aria-labelledby":`linkweave-token-title`,onCancel:()=>s(null),children:(0,Z.jsxs)(`form`,{onSubmit:e=>{e.preventDefault();let t=e.currentTarget.elements.namedItem(`token`),n=t.value.trim();t.value=``,s(n===``?null:n)},children:[(0,Z.jsx)(`h2`,{id:`linkweave-token-title`,children:`This gateway needs a token`}),i&&(0,Z.jsx)(`p`,{role:`alert`,children:`It does not accept the last one.`}),(0,Z.jsxs)(`label`,{children:[`Token`,(0,Z.jsx)(`input`,{type:`password`,name:`token`,autoComplete:`off`,spellCheck:!1,placeholder:`lw_…`})]}),(0,Z.jsx)(`p`,{children:`The page sends it as Authorization: Bearer … with each request. A reload forgets it.`}),(0,Z.jsxs)(`menu`,{children:[(0,Z.jsx)(`button`,{type:`button`,onClick:()=>s(null),children:`Go on without`}),(0,Z.jsx)(`button`,{type:`submit`,children:`Use token`})]})]})})]})}g.shouldRender=()=>!1;var $=[_,p()];(0,S.createRoot)(document.getElementById(`root`)).render((0,Z.jsx)(h,{fetcher:H,storage:X,plugins:$,defaultTabs:k,initialVariables:J()&&k[0]?.variables||void 0,shouldPersistHeaders:q(),showPersistHeadersSettings:!0,children:(0,Z.jsxs)(h.Logo,{children:[(0,Z.jsx)(`span`,{className:`linkweave-name`,children:`Linkweave`}),(0,Z.jsx)(Q,{}),(0,Z.jsx)(E,{})]})}));