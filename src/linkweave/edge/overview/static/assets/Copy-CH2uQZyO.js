import{i as e}from"./rolldown-runtime-COiEfhsA.js";import{c as t,g as n,h as r,i,m as a,n as o,p as s,t as c}from"./Notice-DEBXNmwu.js";import{a as l,f as u,n as d,o as f,p,s as m}from"./format-CC0B-u5x.js";import{F as h,n as g,r as _,s as v,t as y}from"./useAsked-BSrpj4kg.js";import{t as b}from"./AccountName-BeC62RK1.js";import{n as x}from"./main-D6Hlty6Y.js";import{r as S,t as C}from"./useAct-lVsWXHql.js";import{n as w,r as T}from"./pages-D0XTpSHK.js";import{t as E}from"./live-Yw8AOeML.js";import{t as D}from"./AccountSelect-BWF888fg.js";var O=p();function k({source:e,state:t,kind:n,children:r}){return(0,O.jsxs)(`tr`,{children:[(0,O.jsx)(`th`,{scope:`row`,className:`long`,children:e.replace(/^https?:\/\//,``)}),(0,O.jsx)(`td`,{children:(0,O.jsx)(`span`,{className:`badge ${n}`,children:u(t)})}),(0,O.jsx)(`td`,{className:`long`,children:r})]})}var A=v(`
  query CopyJobRows($id: ID!, $after: String) {
    job(id: $id) {
      id
      rows(first: 50, after: $after) {
        nodes { source state shortUrl error }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`),j={WAITING:``,STARTED:``,CREATED:`warn`,DONE:`good`,FAILED:`bad`,AMBIGUOUS:`warn`};function M({id:e,version:t}){let n=T(A,{id:e},({job:e})=>e?.rows??null,t);return(0,O.jsx)(w,{pages:n,label:`Links of the copy`,head:[`Link`,`State`,`Copy`],children:e=>(0,O.jsxs)(k,{source:e.source,state:e.state,kind:j[e.state],children:[e.shortUrl?(0,O.jsx)(`a`,{href:e.shortUrl,children:e.shortUrl.replace(/^https?:\/\//,``)}):null,` `,e.error??(e.shortUrl?``:`–`)]},e.source)})}var N=e(h(),1),P=v(`
  query CopyJob($id: ID!) {
    job(id: $id) {
      ...CopyJobShown
    }
  }
`),F=v(`
  subscription CopyJobProgress($id: ID!) {
    job(id: $id) {
      ...CopyJobShown
    }
  }
`);v(`
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
`);function I(e){return e.state===`RUNNING`||e.state===`WAITING`}function L(e){let{hasSubscriptions:n}=t(),r=y(P,{id:e}),[i,a]=(0,N.useState)(null),o=i??r.data?.job,s=o?I(o):!1,c=E(F,{id:e},e=>a(e.job),{pause:!n||!s});return g(r.again,s&&!(n&&c.state===`LIVE`),1),(0,N.useEffect)(()=>a(null),[r.data]),i?{...r,data:{job:i}}:r}var R=v(`
  mutation CancelJob($job: ID!) {
    cancelJob(job: $job) {
      job { id state }
      errors { message }
    }
  }
`),z=v(`
  mutation ResumeJob($job: ID!) {
    resumeJob(job: $job) {
      job { id state }
      errors { message }
    }
  }
`);function B({id:e}){let t=L(e);return(0,O.jsx)(_,{asked:t,height:320,children:({job:e})=>e?(0,O.jsx)(V,{job:e,again:t.again}):(0,O.jsxs)(c,{children:[(0,O.jsx)(`p`,{children:`There is no such copy, or you may not see it.`}),(0,O.jsx)(s,{href:a(`copy`),children:`All copies`})]})})}function V({job:e,again:t}){let n=e.done+e.failed;return(0,O.jsxs)(O.Fragment,{children:[(0,O.jsxs)(`p`,{className:`lead`,children:[(0,O.jsx)(b,{of:e.from}),` → `,(0,O.jsx)(b,{of:e.to})]}),(0,O.jsxs)(`div`,{className:`panel act`,children:[(0,O.jsxs)(`div`,{className:`progress-line`,children:[(0,O.jsx)(`strong`,{role:`status`,children:U(e)}),(0,O.jsx)(`span`,{className:`quiet`,children:e.finishedAt?`ended ${f(e.finishedAt)}`:e.startedAt?`began ${f(e.startedAt)}`:`waits for its turn`})]}),(0,O.jsx)(`progress`,{max:Math.max(e.total,1),value:n,"aria-label":`${n} of ${e.total} links`}),e.error?(0,O.jsx)(S,{problems:[e.error]}):null,(0,O.jsx)(H,{job:e,again:t})]}),(0,O.jsxs)(`dl`,{className:`figures`,children:[(0,O.jsx)(x,{label:`Copied`,value:e.done,meaning:`of ${d(e.total)} links`}),(0,O.jsx)(x,{label:`Failed`,value:e.failed,meaning:`not copied, or it is not known whether they were`}),(0,O.jsx)(x,{label:`To do`,value:Math.max(e.total-n,0),meaning:I(e)?`wait for their turn`:n<e.total?`were not tried`:`none is left`})]}),(0,O.jsx)(M,{id:e.id,version:`${e.state}${n}`})]})}function H({job:e,again:n}){let{mayWrite:r}=t(),i=C(R,e=>e.cancelJob.errors),o=C(z,e=>e.resumeJob.errors);return(0,O.jsxs)(O.Fragment,{children:[(0,O.jsx)(S,{problems:[...i.problems,...o.problems]}),(0,O.jsxs)(`div`,{className:`buttons`,children:[I(e)&&r?(0,O.jsx)(`button`,{type:`button`,className:`danger`,disabled:i.isBusy,onClick:()=>void i.act({job:e.id}).then(n),children:`Cancel`}):null,!I(e)&&(e.state!==`DONE`||e.failed>0)&&r?(0,O.jsx)(`button`,{type:`button`,disabled:o.isBusy,onClick:()=>void o.act({job:e.id}).then(n),children:`Go on`}):null,(0,O.jsxs)(s,{href:a(`links`,{account:e.to.key}),children:[`Links of `,(0,O.jsx)(b,{of:e.to})]}),(0,O.jsx)(s,{href:a(`copy`),children:`All copies`})]})]})}function U(e){return e.state===`DONE`?e.failed===0?`${m(e.done,`link`)} copied`:`${m(e.done,`link`)} copied, ${d(e.failed)} not`:e.state===`CANCELLED`?`Cancelled after ${m(e.done,`link`)}`:e.state===`FAILED`?`Failed after ${m(e.done,`link`)}`:`${e.state===`WAITING`?`Waiting`:`Copying`}: ${d(e.done+e.failed)} of ${m(e.total,`link`)}`}var W=v(`
  query CopyJobs {
    jobs(first: 20) {
      nodes { id state from { key label } to { key label } done failed total createdAt }
    }
  }
`);function G(){let e=y(W,{});return(0,O.jsxs)(`section`,{"aria-label":`Copies`,children:[(0,O.jsx)(`h2`,{children:`Copies so far`}),(0,O.jsx)(_,{asked:e,children:({jobs:e})=>e.nodes.length===0?(0,O.jsx)(c,{children:`No links were copied yet.`}):(0,O.jsx)(`div`,{className:`scroll panel flush`,tabIndex:0,role:`region`,"aria-label":`Copies so far`,children:(0,O.jsxs)(`table`,{className:`wide`,children:[(0,O.jsx)(`thead`,{children:(0,O.jsxs)(`tr`,{children:[(0,O.jsx)(`th`,{scope:`col`,children:`Copy`}),(0,O.jsx)(`th`,{scope:`col`,children:`State`}),(0,O.jsx)(`th`,{scope:`col`,className:`number`,children:`Copied`}),(0,O.jsx)(`th`,{scope:`col`,className:`number`,children:`Failed`}),(0,O.jsx)(`th`,{scope:`col`,children:`Created`})]})}),(0,O.jsx)(`tbody`,{children:e.nodes.map(e=>(0,O.jsxs)(`tr`,{children:[(0,O.jsx)(`th`,{scope:`row`,children:(0,O.jsxs)(s,{href:a(`copy`,{job:e.id}),children:[(0,O.jsx)(b,{of:e.from}),` → `,(0,O.jsx)(b,{of:e.to})]})}),(0,O.jsx)(`td`,{children:u(e.state)}),(0,O.jsxs)(`td`,{className:`number`,children:[d(e.done),` of `,d(e.total)]}),(0,O.jsx)(`td`,{className:`number`,children:d(e.failed)}),(0,O.jsx)(`td`,{children:f(e.createdAt)})]},e.id))})]})})})]})}var K=v(`
  mutation PlanCopy($input: PlanCopyInput!) {
    planCopy(input: $input) {
      plan { id }
      errors { message }
    }
  }
`),q=v(`
  query TargetDomains($key: String!) {
    account(key: $key) { domains { name isDefault } }
  }
`);function J(){let e=n(),{accounts:i}=t(),o=i.filter(e=>e.provider.capabilities.some(e=>e===`LIST_LINKS`||e===`GET_LINK`)),s=i.filter(e=>e.provider.capabilities.includes(`CREATE_LINK`)),[l,u]=(0,N.useState)(e.get(`from`)||(o[0]?.key??``)),[d,f]=(0,N.useState)(e.get(`to`)||(s.find(e=>e.key!==l)?.key??``)),[p,m]=(0,N.useState)(`KEEP`),h=y(q,{key:d},d===``),{act:g,problems:_,isBusy:v}=C(K,e=>e.planCopy.errors);if(o.length===0||s.length===0)return(0,O.jsx)(c,{children:`A copy needs two accounts that you may see, one of which can create links.`});async function b(e){let t=(await g({input:Y(e,l,d,p)}))?.planCopy.plan?.id;t&&r(a(`copy`,{plan:t}))}return(0,O.jsxs)(`form`,{className:`form panel`,action:b,children:[(0,O.jsxs)(`div`,{className:`pair`,children:[(0,O.jsx)(D,{label:`From`,name:`from`,accounts:o,value:l,onChange:u}),(0,O.jsx)(D,{label:`To`,name:`to`,accounts:s,value:d,onChange:f})]}),(0,O.jsxs)(`fieldset`,{children:[(0,O.jsx)(`legend`,{children:`Which links`}),(0,O.jsxs)(`div`,{className:`pair`,children:[(0,O.jsxs)(`label`,{children:[`Search`,(0,O.jsx)(`input`,{name:`search`,type:`search`,defaultValue:e.get(`search`),placeholder:`all links`})]}),(0,O.jsxs)(`label`,{children:[`Tag`,(0,O.jsx)(`input`,{name:`tag`,defaultValue:e.get(`tag`),placeholder:`any tag`})]})]})]}),(0,O.jsxs)(`fieldset`,{children:[(0,O.jsx)(`legend`,{children:`The copies`}),(0,O.jsxs)(`div`,{className:`pair`,children:[(0,O.jsxs)(`label`,{children:[`Slug`,(0,O.jsxs)(`select`,{value:p,onChange:e=>m(e.target.value),children:[(0,O.jsx)(`option`,{value:`KEEP`,children:`the same`}),(0,O.jsx)(`option`,{value:`NEW`,children:`a new one`})]})]}),(0,O.jsxs)(`label`,{children:[`If the slug is taken`,(0,O.jsxs)(`select`,{name:`onConflict`,disabled:p===`NEW`,children:[(0,O.jsx)(`option`,{value:`SKIP`,children:`do not copy the link`}),(0,O.jsx)(`option`,{value:`SUFFIX`,children:`put a number behind it`})]})]}),(0,O.jsxs)(`label`,{children:[`Domain`,(0,O.jsxs)(`select`,{name:`domain`,children:[(0,O.jsx)(`option`,{value:``,children:`the vendor chooses`}),h.data?.account?.domains?.map(e=>(0,O.jsx)(`option`,{children:e.name},e.name))]})]})]})]}),(0,O.jsx)(S,{problems:_}),(0,O.jsxs)(`div`,{className:`buttons`,children:[(0,O.jsx)(`button`,{type:`submit`,disabled:v,children:v?`Planning …`:`Make a plan`}),(0,O.jsx)(`span`,{className:`quiet`,children:`A plan changes nothing at a vendor.`})]})]})}function Y(e,t,n,r){let i=t=>String(e.get(t)??``).trim(),a={...i(`search`)?{search:i(`search`)}:{},...i(`tag`)?{tags:{any:[i(`tag`)]}}:{}};return{from:t,to:n,slug:r,filter:Object.keys(a).length>0?a:null,onConflict:i(`onConflict`)||`SKIP`,domain:i(`domain`)||null}}var X=v(`
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
`);function Z({id:e}){let t=T(X,{id:e},({node:e})=>e&&`rows`in e?e.rows:null);return(0,O.jsx)(w,{pages:t,label:`Links of the plan`,head:[`Link`,`What becomes of it`,`What is lost, or in the way`],children:e=>(0,O.jsx)(k,{source:e.source,state:e.state,kind:e.target?e.lost.length>0?`warn`:`good`:`bad`,children:Q(e)},e.source)})}function Q(e){return e.reason?e.reason:e.lost.length>0?e.lost.map(e=>`${u(e.field)}: ${e.message}`).join(`; `):`–`}var $=v(`
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
`),ee=v(`
  mutation StartCopy($input: StartCopyInput!) {
    startCopy(input: $input) {
      job { id }
      errors { message }
    }
  }
`);function te({id:e}){let t=y($,{id:e});return(0,O.jsx)(_,{asked:t,height:320,children:({node:e})=>ne(e)?(0,O.jsx)(re,{plan:e}):(0,O.jsxs)(c,{children:[(0,O.jsx)(`p`,{children:`There is no such plan, or it is older than a day, or it is another client's.`}),(0,O.jsx)(s,{href:a(`copy`),children:`Make a plan`})]})})}function ne(e){return e!==null&&`counts`in e}function re({plan:e}){let[t,n]=(0,N.useState)(!1),{act:i,problems:o,isBusy:c}=C(ee,e=>e.startCopy.errors),u=(...t)=>e.counts.filter(e=>t.includes(e.state)).reduce((e,t)=>e+t.links,0),[p,h,g]=[u(`READY`),u(`READY_WITH_LOSS`),e.counts.reduce((e,t)=>e+t.links,0)],_=t?p+h:p;async function v(){let n=await i({input:{plan:e.id,allowLoss:t}});n?.startCopy.job&&r(a(`copy`,{plan:e.id,job:n.startCopy.job.id}))}return(0,O.jsxs)(O.Fragment,{children:[(0,O.jsxs)(`p`,{className:`lead`,children:[(0,O.jsx)(b,{of:e.from}),` → `,(0,O.jsx)(b,{of:e.to})]}),(0,O.jsxs)(`dl`,{className:`figures`,children:[(0,O.jsx)(x,{label:`Whole copies`,value:p,meaning:`of ${d(g)} links that you chose`}),(0,O.jsx)(x,{label:`Copies with a loss`,value:h,meaning:`would lack a field: see below which`}),(0,O.jsx)(x,{label:`Stay behind`,value:g-p-h,meaning:`cannot be copied: see below why`}),(0,O.jsx)(x,{label:`Time`,value:e.seconds,format:l,meaning:`${e.seconds?`at least, `:``}for ${m(e.calls,`call`)} to the vendor`})]}),e.notices.length>0?(0,O.jsx)(`ul`,{className:`notices`,children:e.notices.map(e=>(0,O.jsx)(`li`,{children:ie(e)},e))}):null,(0,O.jsxs)(`div`,{className:`panel act`,children:[h>0?(0,O.jsxs)(`label`,{className:`check`,children:[(0,O.jsx)(`input`,{type:`checkbox`,checked:t,onChange:e=>n(e.target.checked)}),` Also copy the `,m(h,`link`),` that would lack a field`]}):null,(0,O.jsx)(S,{problems:o}),(0,O.jsxs)(`div`,{className:`buttons`,children:[(0,O.jsx)(`button`,{type:`submit`,onClick:()=>void v(),disabled:c||_===0,children:c?`Starting …`:_===0?h>0?`Nothing to copy without a loss`:`Nothing to copy`:`Copy ${m(_,`link`)}`}),(0,O.jsx)(s,{href:a(`copy`,{from:e.from.key,to:e.to.key}),children:`Choose again`}),(0,O.jsxs)(`span`,{className:`quiet`,children:[`The plan is kept until `,f(e.expiresAt),`.`]})]})]}),(0,O.jsx)(Z,{id:e.id})]})}function ie(e){return`${e.charAt(0).toUpperCase()}${e.slice(1)}${/[.!?]$/.test(e)?``:`.`}`}var ae=[`Choose`,`Plan`,`Copy`];function oe(){let e=n(),{isKnown:r,hasCatalog:a,mayWrite:s}=t(),[c,l]=[e.get(`job`),e.get(`plan`)],u=c?2:+!!l;return(0,O.jsxs)(O.Fragment,{children:[(0,O.jsxs)(`header`,{className:`title`,children:[(0,O.jsx)(`h1`,{children:`Copy links`}),(0,O.jsx)(`ol`,{className:`steps`,"aria-label":`Steps`,children:ae.map((e,t)=>(0,O.jsx)(`li`,{"aria-current":t===u?`step`:void 0,children:e},e))})]}),r&&!a?(0,O.jsx)(o,{what:`Copies`}):null,a&&!s?(0,O.jsx)(i,{what:`copy links`}):null,a&&c?(0,O.jsx)(B,{id:c},c):null,a&&s&&!c&&l?(0,O.jsx)(te,{id:l},l):null,a&&!c&&!l?(0,O.jsxs)(O.Fragment,{children:[s?(0,O.jsx)(J,{}):null,(0,O.jsx)(G,{})]}):null]})}export{oe as Copy};