import { useState } from 'react'

import { withoutScheme } from '../../format'
import { graphql } from '../../generated'
import { Go } from '../../parts/Go'
import { addressOf } from '../../route'
import { useAsked } from '../../useAsked'
import { useSettled } from './useSettled'

const SLUG = graphql(`
  query LinkOfSlug($shortUrl: URL!) {
    link(shortUrl: $shortUrl) { id shortUrl }
  }
`)

/** The slug, with a word on whether it is free. `domain` is where it would be; null if that is not known. */
export function SlugField({ domain }: { domain: string | null }) {
  const [slug, setSlug] = useState('')
  const settled = useSettled(slug.trim())
  return (
    <div>
      <label>
        Slug
        <input name="slug" value={slug} onChange={(event) => setSlug(event.target.value)} placeholder="the vendor chooses" aria-describedby="slug-check" autoComplete="off" spellCheck={false} />
      </label>
      <small id="slug-check" role="status">
        {settled && settled === slug.trim() ? domain ? <Check shortUrl={`https://${domain}/${encodeURIComponent(settled)}`} /> : 'It cannot be checked: the domain is not known.' : ''}
      </small>
    </div>
  )
}

function Check({ shortUrl }: { shortUrl: string }) {
  const asked = useAsked(SLUG, { shortUrl })
  const name = withoutScheme(shortUrl)
  if (asked.fetching) return <>Checking {name} …</>
  if (asked.data?.link) {
    return (
      <span className="bad">
        Taken: <Go href={addressOf('link', { id: asked.data.link.id })}>{name}</Go>
      </span>
    )
  }
  if (asked.error) return <>It cannot be checked: {asked.error.graphQLErrors[0]?.message ?? 'the gateway does not answer'}</>
  return <span className="good">No link of yours is at {name}.</span>
}
