/** The head of a view that is not there (yet). */
export function Title({ text }: { text: string }) {
  return (
    <header className="title">
      <h1>{text}</h1>
    </header>
  )
}
