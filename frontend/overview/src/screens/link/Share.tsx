import { useState } from 'react'

import type { Detail } from './LinkDetail'

/** A page that came over plain HTTP has no access to the clipboard. */
const CAN_COPY = 'clipboard' in navigator

/** The QR code of a link, to look at and to save, and its address to copy. */
export function Share({ link }: { link: Detail }) {
  const [isCopied, setCopied] = useState(false)
  const picture = `data:image/svg+xml,${encodeURIComponent(link.qrCode.svg)}`
  return (
    <div className="share">
      <img className="qr" alt={`QR code of ${link.shortUrl}`} src={picture} />
      <div className="buttons">
        {CAN_COPY ? (
          <button type="button" onClick={() => void navigator.clipboard.writeText(link.shortUrl).then(() => setCopied(true))}>
            {isCopied ? 'Copied' : 'Copy link'}
          </button>
        ) : null}
        <a className="button" href={picture} download={`${link.slug}.svg`}>
          Save QR code
        </a>
      </div>
    </div>
  )
}
