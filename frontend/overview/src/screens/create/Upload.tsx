import { useEffect, useRef, useState } from 'react'

import { bytes } from '../../format'
import type { KnownAccount } from '../../gateway'
import { graphql } from '../../generated'
import type { UploadFileInput, UploadFileMutation } from '../../generated/graphql'
import { AccountName } from '../../parts/AccountName'
import { AccountSelect } from '../../parts/AccountSelect'
import { Told } from '../../parts/Told'
import { useSend } from '../../parts/useAct'
import { sendWithFile } from '../../upload'
import { Outcome } from './Outcome'

const UPLOAD = graphql(`
  mutation UploadFile($input: UploadFileInput!) {
    uploadFile(input: $input) {
      upload { id viewerUrl mimeType size }
      link { id shortUrl account { key label } }
      errors { message path }
    }
  }
`)

/** A place to drop a file on. It is uploaded, and gets a short link of the accounts that are chosen beside it. */
export function Upload({ accounts, shorteners }: { accounts: readonly KnownAccount[]; shorteners: readonly KnownAccount[] }) {
  const [key, setKey] = useState(accounts[0]?.key ?? '')
  const [isOver, setOver] = useState(false)
  const [file, setFile] = useState<File | null>(null)
  const [outcome, setOutcome] = useState<UploadFileMutation['uploadFile'] | null>(null)
  const { act, problems, isBusy } = useSend((input: UploadFileInput, chosen: File) => sendWithFile(UPLOAD, input, chosen), () => [])
  const chooser = useRef<HTMLInputElement>(null)
  if (accounts.length === 0) return null

  async function upload(chosen: File | undefined) {
    if (chosen === undefined || isBusy) return
    setFile(chosen)
    setOutcome(null)
    const answer = await act({ account: key, shorten: { accounts: shorteners.map((each) => each.key) } }, chosen)
    setOutcome(answer?.uploadFile ?? null)
  }

  return (
    <section aria-label="Upload" className="panel">
      <h2>Upload a file</h2>
      {accounts.length > 1 ? (
        <div className="form">
          <AccountSelect label="To" name="upload-account" accounts={accounts} value={key} onChange={setKey} />
        </div>
      ) : null}
      <div
        className={isOver ? 'drop over' : 'drop'}
        onDragOver={(event) => {
          event.preventDefault()
          setOver(true)
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault()
          setOver(false)
          void upload(event.dataTransfer.files[0])
        }}
      >
        {file ? <Preview file={file} /> : <p>Drop a picture or a video here</p>}
        <input ref={chooser} type="file" className="unseen" tabIndex={-1} aria-label="File to upload" onChange={(event) => void upload(event.target.files?.[0])} />
        <button type="button" disabled={isBusy} onClick={() => chooser.current?.click()}>
          {isBusy ? 'Uploading …' : 'Choose a file'}
        </button>
      </div>
      <p className="quiet">
        It goes to <AccountName of={accounts.find((each) => each.key === key) ?? { key }} /> and gets a short link of {shorteners[0] ? <AccountName of={shorteners[0]} /> : 'no account'}.
      </p>
      <Told problems={problems} />
      <div role="status">
        {outcome?.upload ? (
          <p className="done">
            Uploaded: <a href={outcome.upload.viewerUrl}>{outcome.upload.viewerUrl}</a>
          </p>
        ) : null}
        {outcome ? <Outcome outcome={{ created: outcome.link !== null, link: outcome.link, errors: outcome.errors }} /> : null}
      </div>
    </section>
  )
}

/** A picture is shown as it is; of another file, the name and the size. */
function Preview({ file }: { file: File }) {
  const [picture, setPicture] = useState('')
  useEffect(() => {
    setPicture('')
    if (!file.type.startsWith('image/')) return undefined
    const reader = new FileReader()
    reader.onload = () => setPicture(String(reader.result))
    reader.readAsDataURL(file)
    return () => reader.abort()
  }, [file])
  return (
    <>
      {picture ? <img alt="" src={picture} /> : null}
      <p className="long">
        {file.name} <span className="quiet">{bytes(file.size)}</span>
      </p>
    </>
  )
}
