/** What went wrong with something that the reader did, one line each. */
export function Told({ problems }: { problems: readonly string[] }) {
  if (problems.length === 0) return null
  return (
    <div className="problems" role="alert">
      {problems.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  )
}
