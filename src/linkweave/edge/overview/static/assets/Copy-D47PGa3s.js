import{i as e}from"./rolldown-runtime-COiEfhsA.js";import{c as t,g as n,h as r,i,m as a,n as o,p as s,t as c}from"./Notice-Cn7qiLZ9.js";import{a as l,f as u,m as d,n as f,o as p,p as m,s as h}from"./format-DCzMj6Yx.js";import{F as g,n as _,r as v,s as y,t as b}from"./useAsked-CV2nQYui.js";import{t as x}from"./AccountName-hapE3jBd.js";import{n as S}from"./main-Df2aaq6m.js";import{r as C,t as w}from"./useAct-Bs4CAP6r.js";import{n as T,r as E}from"./pages-D1ceH1Zx.js";import{t as D}from"./live-DMUaERne.js";import{t as O}from"./AccountSelect-DDEiO2JR.js";var k=d();function A({source:e,state:t,kind:n,children:r}){return(0,k.jsxs)(`tr`,{children:[(0,k.jsx)(`th`,{scope:`row`,className:`long`,children:u(e)}),(0,k.jsx)(`td`,{children:(0,k.jsx)(`span`,{className:`badge ${n}`,children:m(t)})}),(0,k.jsx)(`td`,{className:`long`,children:r})]})}var j=y(`
  query CopyJobRows($id: ID!, $after: String) {
    job(id: $id) {
      id
      rows(first: 50, after: $after) {
        nodes { source state shortUrl error }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`),ee={WAITING:``,STARTED:``,CREATED:`warn`,DONE:`good`,FAILED:`bad`,AMBIGUOUS:`warn`};function M({id:e,version:t}){let n=E(j,{id:e},({job:e})=>e?.rows??null,t);return(0,k.jsx)(T,{pages:n,label:`Links of the copy`,head:[`Link`,`State`,`Copy`],children:e=>(0,k.jsxs)(A,{source:e.source,state:e.state,kind:ee[e.state],children:[e.shortUrl?(0,k.jsx)(`a`,{href:e.shortUrl,children:u(e.shortUrl)}):null,` `,e.error??(e.shortUrl?``:`–`)]},e.source)})}var N=e(g(),1),P=y(`
  query CopyJob($id: ID!) {
    job(id: $id) {
      ...CopyJobShown
    }
  }
`),F=y(`
  subscription CopyJobProgress($id: ID!) {
    job(id: $id) {
      ...CopyJobShown
    }
  }
`);y(`
  fragment CopyJobShown on Job {
    id
    state
    from { key label }
    to { key label }
    done
    failed
    total
    error
    startedAt
    finishedAt
  }
`);function I(e){return e.state===`RUNNING`||e.state===`WAITING`}function L(e){let{hasSubscriptions:n}=t(),r=b(P,{id:e}),[i,a]=(0,N.useState)(null),o=i??r.data?.job,s=o?I(o):!1,c=D(F,{id:e},e=>a(e.job),{pause:!n||!s});return _(r.again,s&&!(n&&c.state===`LIVE`),1),(0,N.useEffect)(()=>a(null),[r.data]),i?{...r,data:{job:i}}:r}var R=y(`
  mutation CancelJob($job: ID!) {
    cancelJob(job: $job) {
      job { id state }
      errors { message }
    }
  }
`),z=y(`
  mutation ResumeJob($job: ID!) {
    resumeJob(job: $job) {
      job { id state }
      errors { message }
    }
  }
`);function B({id:e}){let t=L(e);return(0,k.jsx)(v,{asked:t,height:320,children:({job:e})=>e?(0,k.jsx)(V,{job:e,again:t.again}):(0,k.jsxs)(c,{children:[(0,k.jsx)(`p`,{children:`There is no such copy, or you may not see it.`}),(0,k.jsx)(s,{href:a(`copy`),children:`All copies`})]})})}function V({job:e,again:t}){let n=e.done+e.failed;return(0,k.jsxs)(k.Fragment,{children:[(0,k.jsxs)(`p`,{className:`lead`,children:[(0,k.jsx)(x,{of:e.from}),` → `,(0,k.jsx)(x,{of:e.to})]}),(0,k.jsxs)(`div`,{className:`panel act`,children:[(0,k.jsxs)(`div`,{className:`progress-line`,children:[(0,k.jsx)(`strong`,{role:`status`,children:U(e)}),(0,k.jsx)(`span`,{className:`quiet`,children:e.finishedAt?`ended ${p(e.finishedAt)}`:e.startedAt?`began ${p(e.startedAt)}`:`waits for its turn`})]}),(0,k.jsx)(`progress`,{max:Math.max(e.total,1),value:n,"aria-label":`${n} of ${e.total} links`}),e.error?(0,k.jsx)(C,{problems:[e.error]}):null,(0,k.jsx)(H,{job:e,again:t})]}),(0,k.jsxs)(`dl`,{className:`figures`,children:[(0,k.jsx)(S,{label:`Copied`,value:e.done,meaning:`of ${f(e.total)} links`}),(0,k.jsx)(S,{label:`Failed`,value:e.failed,meaning:`not copied, or it is not known whether they were`}),(0,k.jsx)(S,{label:`To do`,value:Math.max(e.total-n,0),meaning:I(e)?`wait for their turn`:n<e.total?`were not tried`:`none is left`})]}),(0,k.jsx)(M,{id:e.id,version:`${e.state}${n}`})]})}function H({job:e,again:n}){let{mayWrite:r}=t(),i=w(R,e=>e.cancelJob.errors),o=w(z,e=>e.resumeJob.errors);return(0,k.jsxs)(k.Fragment,{children:[(0,k.jsx)(C,{problems:[...i.problems,...o.problems]}),(0,k.jsxs)(`div`,{className:`buttons`,children:[I(e)&&r?(0,k.jsx)(`button`,{type:`button`,className:`danger`,disabled:i.isBusy,onClick:()=>void i.act({job:e.id}).then(n),children:`Cancel`}):null,!I(e)&&(e.state!==`DONE`||e.failed>0)&&r?(0,k.jsx)(`button`,{type:`button`,disabled:o.isBusy,onClick:()=>void o.act({job:e.id}).then(n),children:`Go on`}):null,(0,k.jsxs)(s,{href:a(`links`,{account:e.to.key}),children:[`Links of `,(0,k.jsx)(x,{of:e.to})]}),(0,k.jsx)(s,{href:a(`copy`),children:`All copies`})]})]})}function U(e){return e.state===`DONE`?e.failed===0?`${h(e.done,`link`)} copied`:`${h(e.done,`link`)} copied, ${f(e.failed)} not`:e.state===`CANCELLED`?`Cancelled after ${h(e.done,`link`)}`:e.state===`FAILED`?`Failed after ${h(e.done,`link`)}`:`${e.state===`WAITING`?`Waiting`:`Copying`}: ${f(e.done+e.failed)} of ${h(e.total,`link`)}`}var W=y(`
  query CopyJobs {
    jobs(first: 20) {
      nodes { id state from { key label } to { key label } done failed total createdAt }
    }
  }
`);function G(){let e=b(W,{});return(0,k.jsxs)(`section`,{"aria-label":`Copies`,children:[(0,k.jsx)(`h2`,{children:`Copies so far`}),(0,k.jsx)(v,{asked:e,children:({jobs:e})=>e.nodes.length===0?(0,k.jsx)(c,{children:`No links were copied yet.`}):(0,k.jsx)(`div`,{className:`scroll panel flush`,tabIndex:0,role:`region`,"aria-label":`Copies so far`,children:(0,k.jsxs)(`table`,{className:`wide`,children:[(0,k.jsx)(`thead`,{children:(0,k.jsxs)(`tr`,{children:[(0,k.jsx)(`th`,{scope:`col`,children:`Copy`}),(0,k.jsx)(`th`,{scope:`col`,children:`State`}),(0,k.jsx)(`th`,{scope:`col`,className:`number`,children:`Copied`}),(0,k.jsx)(`th`,{scope:`col`,className:`number`,children:`Failed`}),(0,k.jsx)(`th`,{scope:`col`,children:`Created`})]})}),(0,k.jsx)(`tbody`,{children:e.nodes.map(e=>(0,k.jsxs)(`tr`,{children:[(0,k.jsx)(`th`,{scope:`row`,children:(0,k.jsxs)(s,{href:a(`copy`,{job:e.id}),children:[(0,k.jsx)(x,{of:e.from}),` → `,(0,k.jsx)(x,{of:e.to})]})}),(0,k.jsx)(`td`,{children:m(e.state)}),(0,k.jsxs)(`td`,{className:`number`,children:[f(e.done),` of `,f(e.total)]}),(0,k.jsx)(`td`,{className:`number`,children:f(e.failed)}),(0,k.jsx)(`td`,{children:p(e.createdAt)})]},e.id))})]})})})]})}var K=y(`
  mutation PlanCopy($input: PlanCopyInput!) {
    planCopy(input: $input) {
      plan { id }
      errors { message }
    }
  }
`),q=y(`
  query TargetDomains($key: String!) {
    account(key: $key) { domains { name isDefault } }
  }
`);function J(){let e=n(),{accounts:i}=t(),o=i.filter(e=>e.provider.capabilities.some(e=>e===`LIST_LINKS`||e===`GET_LINK`)),s=i.filter(e=>e.provider.capabilities.includes(`CREATE_LINK`)),[l,u]=(0,N.useState)(e.get(`from`)||(o[0]?.key??``)),[d,f]=(0,N.useState)(e.get(`to`)||(s.find(e=>e.key!==l)?.key??``)),[p,m]=(0,N.useState)(`KEEP`),h=b(q,{key:d},d===``),{act:g,problems:_,isBusy:v}=w(K,e=>e.planCopy.errors);if(o.length===0||s.length===0)return(0,k.jsx)(c,{children:`A copy needs two accounts that you may see, one of which can create links.`});async function y(e){let t=(await g({input:Y(e,l,d,p)}))?.planCopy.plan?.id;t&&r(a(`copy`,{plan:t}))}return(0,k.jsxs)(`form`,{className:`form panel`,action:y,children:[(0,k.jsxs)(`div`,{className:`pair`,children:[(0,k.jsx)(O,{label:`From`,name:`from`,accounts:o,value:l,onChange:u}),(0,k.jsx)(O,{label:`To`,name:`to`,accounts:s,value:d,onChange:f})]}),(0,k.jsxs)(`fieldset`,{children:[(0,k.jsx)(`legend`,{children:`Which links`}),(0,k.jsxs)(`div`,{className:`pair`,children:[(0,k.jsxs)(`label`,{children:[`Search`,(0,k.jsx)(`input`,{name:`search`,type:`search`,defaultValue:e.get(`search`),placeholder:`all links`})]}),(0,k.jsxs)(`label`,{children:[`Tag`,(0,k.jsx)(`input`,{name:`tag`,defaultValue:e.get(`tag`),placeholder:`any tag`})]})]})]}),(0,k.jsxs)(`fieldset`,{children:[(0,k.jsx)(`legend`,{children:`The copies`}),(0,k.jsxs)(`div`,{className:`pair`,children:[(0,k.jsxs)(`label`,{children:[`Slug`,(0,k.jsxs)(`select`,{value:p,onChange:e=>m(e.target.value),children:[(0,k.jsx)(`option`,{value:`KEEP`,children:`the same`}),(0,k.jsx)(`option`,{value:`NEW`,children:`a new one`})]})]}),(0,k.jsxs)(`label`,{children:[`If the slug is taken`,(0,k.jsxs)(`select`,{name:`onConflict`,disabled:p===`NEW`,children:[(0,k.jsx)(`option`,{value:`SKIP`,children:`do not copy the link`}),(0,k.jsx)(`option`,{value:`SUFFIX`,children:`put a number behind it`})]})]}),(0,k.jsxs)(`label`,{children:[`Domain`,(0,k.jsxs)(`select`,{name:`domain`,children:[(0,k.jsx)(`option`,{value:``,children:`the vendor chooses`}),h.data?.account?.domains?.map(e=>(0,k.jsx)(`option`,{children:e.name},e.name))]})]})]})]}),(0,k.jsx)(C,{problems:_}),(0,k.jsxs)(`div`,{className:`buttons`,children:[(0,k.jsx)(`button`,{type:`submit`,disabled:v,children:v?`Planning …`:`Make a plan`}),(0,k.jsx)(`span`,{className:`quiet`,children:`A plan changes nothing at a vendor.`})]})]})}function Y(e,t,n,r){let i=t=>String(e.get(t)??``).trim(),a={...i(`search`)?{search:i(`search`)}:{},...i(`tag`)?{tags:{any:[i(`tag`)]}}:{}};return{from:t,to:n,slug:r,filter:Object.keys(a).length>0?a:null,onConflict:i(`onConflict`)||`SKIP`,domain:i(`domain`)||null}}var X=y(`
  query CopyPlanRows($id: ID!, $after: String) {
    node(id: $id) {
      ... on CopyPlan {
        id
        rows(first: 50, after: $after) {
          nodes { source state reason lost { field message } target { slug domain } }
          pageInfo { hasNextPage endCursor }
        }
      }
    }
  }
`);function Z({id:e}){let t=E(X,{id:e},({node:e})=>e&&`rows`in e?e.rows:null);return(0,k.jsx)(T,{pages:t,label:`Links of the plan`,head:[`Link`,`What becomes of it`,`What is lost, or in the way`],children:e=>(0,k.jsx)(A,{source:e.source,state:e.state,kind:e.target?e.lost.length>0?`warn`:`good`:`bad`,children:Q(e)},e.source)})}function Q(e){return e.reason?e.reason:e.lost.length>0?e.lost.map(e=>`${m(e.field)}: ${e.message}`).join(`; `):`–`}var te=y(`
  query CopyPlanShown($id: ID!) {
    node(id: $id) {
      ... on CopyPlan {
        id
        from { key label }
        to { key label }
        calls
        seconds
        notices
        expiresAt
        counts { state links }
      }
    }
  }
`),ne=y(`
  mutation StartCopy($input: StartCopyInput!) {
    startCopy(input: $input) {
      job { id }
      errors { message }
    }
  }
`);function re({id:e}){let t=b(te,{id:e});return(0,k.jsx)(v,{asked:t,height:320,children:({node:e})=>$(e)?(0,k.jsx)(ie,{plan:e}):(0,k.jsxs)(c,{children:[(0,k.jsx)(`p`,{children:`There is no such plan, or it is older than a day, or it is another client's.`}),(0,k.jsx)(s,{href:a(`copy`),children:`Make a plan`})]})})}function $(e){return e!==null&&`counts`in e}function ie({plan:e}){let[t,n]=(0,N.useState)(!1),{act:i,problems:o,isBusy:c}=w(ne,e=>e.startCopy.errors),u=(...t)=>e.counts.filter(e=>t.includes(e.state)).reduce((e,t)=>e+t.links,0),[d,m,g]=[u(`READY`),u(`READY_WITH_LOSS`),e.counts.reduce((e,t)=>e+t.links,0)],_=t?d+m:d;async function v(){let n=await i({input:{plan:e.id,allowLoss:t}});n?.startCopy.job&&r(a(`copy`,{plan:e.id,job:n.startCopy.job.id}))}return(0,k.jsxs)(k.Fragment,{children:[(0,k.jsxs)(`p`,{className:`lead`,children:[(0,k.jsx)(x,{of:e.from}),` → `,(0,k.jsx)(x,{of:e.to})]}),(0,k.jsxs)(`dl`,{className:`figures`,children:[(0,k.jsx)(S,{label:`Whole copies`,value:d,meaning:`of ${f(g)} links that you chose`}),(0,k.jsx)(S,{label:`Copies with a loss`,value:m,meaning:`would lack a field: see below which`}),(0,k.jsx)(S,{label:`Stay behind`,value:g-d-m,meaning:`cannot be copied: see below why`}),(0,k.jsx)(S,{label:`Time`,value:e.seconds,format:l,meaning:`${e.seconds?`at least, `:``}for ${h(e.calls,`call`)} to the vendor`})]}),e.notices.length>0?(0,k.jsx)(`ul`,{className:`notices`,children:e.notices.map(e=>(0,k.jsx)(`li`,{children:ae(e)},e))}):null,(0,k.jsxs)(`div`,{className:`panel act`,children:[m>0?(0,k.jsxs)(`label`,{className:`check`,children:[(0,k.jsx)(`input`,{type:`checkbox`,checked:t,onChange:e=>n(e.target.checked)}),` Also copy the `,h(m,`link`),` that would lack a field`]}):null,(0,k.jsx)(C,{problems:o}),(0,k.jsxs)(`div`,{className:`buttons`,children:[(0,k.jsx)(`button`,{type:`submit`,onClick:()=>void v(),disabled:c||_===0,children:c?`Starting …`:_===0?m>0?`Nothing to copy without a loss`:`Nothing to copy`:`Copy ${h(_,`link`)}`}),(0,k.jsx)(s,{href:a(`copy`,{from:e.from.key,to:e.to.key}),children:`Choose again`}),(0,k.jsxs)(`span`,{className:`quiet`,children:[`The plan is kept until `,p(e.expiresAt),`.`]})]})]}),(0,k.jsx)(Z,{id:e.id})]})}function ae(e){return`${e.charAt(0).toUpperCase()}${e.slice(1)}${/[.!?]$/.test(e)?``:`.`}`}var oe=[`Choose`,`Plan`,`Copy`];function se(){let e=n(),{isKnown:r,hasCatalog:a,mayWrite:s}=t(),[c,l]=[e.get(`job`),e.get(`plan`)],u=c?2:+!!l;return(0,k.jsxs)(k.Fragment,{children:[(0,k.jsxs)(`header`,{className:`title`,children:[(0,k.jsx)(`h1`,{children:`Copy links`}),(0,k.jsx)(`ol`,{className:`steps`,"aria-label":`Steps`,children:oe.map((e,t)=>(0,k.jsx)(`li`,{"aria-current":t===u?`step`:void 0,children:e},e))})]}),r&&!a?(0,k.jsx)(o,{what:`Copies`}):null,a&&!s?(0,k.jsx)(i,{what:`copy links`}):null,a&&c?(0,k.jsx)(B,{id:c},c):null,a&&s&&!c&&l?(0,k.jsx)(re,{id:l},l):null,a&&!c&&!l?(0,k.jsxs)(k.Fragment,{children:[s?(0,k.jsx)(J,{}):null,(0,k.jsx)(G,{})]}):null]})}export{se as Copy};