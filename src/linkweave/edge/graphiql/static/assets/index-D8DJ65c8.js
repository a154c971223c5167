import{B as e,Q as t,V as n,X as r,Z as i,s as a}from"./monaco-BwFdr_MR.js";import{a as o,c as s,d as c,i as l,n as u,o as d,r as f,s as p,t as m}from"./vendor-BHcRuDeL.js";function h(e){switch(e){case`json`:return new i;case`graphql`:return new r;default:return new t}}self.MonacoEnvironment={getWorker:(e,t)=>h(t)};var g=l(),_=Object.assign({"./examples/01-campaign.graphql":`# One question over five vendors. The first answer takes some seconds: PicSee allows one call a second.
query Campaign {
  links(first: 6, filter: { tags: { any: ["launch"] } }) {
    nodes {
      shortUrl
      destination
      createdAt
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
    byAccount { account { key } links clicks uniqueClicks }
    sources { account { key } status counts timeZone }
  }
  tags(first: 5) { nodes { name accounts { key } } }
  domains(first: 10) { nodes { name account { key } } }
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
`}),v=Object.assign({}),y=Object.entries(_).map(([e,t])=>({query:t,variables:v[e.replace(/\.graphql$/,`.json`)]??null}));a();function b(t){try{return e(t,{noLocation:!0}).definitions.filter(e=>e.kind===n.OPERATION_DEFINITION)}catch{return null}}function x(e){let t=e.operationName==null?null:b(e.query);return t===null?e:{...e,operationName:p(void 0,e.operationName??void 0,t)}}var S=s({url:window.location.pathname,headers:{accept:`multipart/mixed; deferSpec=20220824, application/graphql-response+json, application/json`}}),C=(e,t)=>S(x(e),t),w=`graphiql:tabState`,T=`graphiql:shouldPersistHeaders`,E=[`graphiql:queries`,`graphiql:favorites`],D=d({namespace:`linkweave`});function O(){return D.getItem(T)===`true`}function k(){return D.getItem(w)===null}function A(e){return JSON.stringify(JSON.parse(e),(e,t)=>e===`headers`?void 0:t)}var j={getItem:D.getItem,removeItem:D.removeItem,clear:D.clear,get length(){return D.length},setItem(e,t){D.setItem(e,E.includes(e)&&!O()?A(t):t)}},M=c();o.shouldRender=()=>!1;var N=[u,f()];(0,g.createRoot)(document.getElementById(`root`)).render((0,M.jsx)(m,{fetcher:C,storage:j,plugins:N,defaultTabs:y,initialVariables:k()&&y[0]?.variables||void 0,defaultEditorToolsVisibility:!0,shouldPersistHeaders:O(),showPersistHeadersSettings:!0,children:(0,M.jsx)(m.Logo,{children:`Linkweave`})}));