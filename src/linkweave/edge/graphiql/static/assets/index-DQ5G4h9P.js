import{Q as e,X as t,Z as n}from"./monaco-BwFdr_MR.js";import{a as r,i,n as a,o,r as s,s as c,t as l,u}from"./vendor-cTD6kSbt.js";function d(r){switch(r){case`json`:return new n;case`graphql`:return new t;default:return new e}}self.MonacoEnvironment={getWorker:(e,t)=>d(t)};var f=i(),p=Object.assign({"./examples/01-campaign.graphql":`# One question over five vendors. The first answer takes some seconds: PicSee allows one call a second.
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
`}),m=Object.assign({}),h=Object.entries(p).map(([e,t])=>({query:t,variables:m[e.replace(/\.graphql$/,`.json`)]??null})),g=`graphiql:tabState`,_=`graphiql:shouldPersistHeaders`,v=[`graphiql:queries`,`graphiql:favorites`],y=o({namespace:`linkweave`});function b(){return y.getItem(_)===`true`}function x(){return y.getItem(g)===null}function S(e){return JSON.stringify(JSON.parse(e),(e,t)=>e===`headers`?void 0:t)}var C={getItem:y.getItem,removeItem:y.removeItem,clear:y.clear,get length(){return y.length},setItem(e,t){y.setItem(e,v.includes(e)&&!b()?S(t):t)}},w=u();r.shouldRender=()=>!1;var T=c({url:window.location.pathname,headers:{accept:`multipart/mixed; deferSpec=20220824, application/graphql-response+json, application/json`}}),E=[a,s()];(0,f.createRoot)(document.getElementById(`root`)).render((0,w.jsx)(l,{fetcher:T,storage:C,plugins:E,defaultTabs:h,initialVariables:x()&&h[0]?.variables||void 0,defaultEditorToolsVisibility:!0,shouldPersistHeaders:b(),showPersistHeadersSettings:!0,children:(0,w.jsx)(l.Logo,{children:`Linkweave`})}));