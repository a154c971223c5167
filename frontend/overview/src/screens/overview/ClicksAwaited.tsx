/** The places of the figures and of the chart, each as large as what will be there, so that nothing jumps. */
export function ClicksAwaited() {
  return (
    <div className="awaited loading-clicks" role="status" aria-label="Loading …">
      <div className="figures">
        {['Clicks', 'Unique clicks', 'Links'].map((label) => (
          <div className="figure" key={label}>
            <span className="quiet">{label}</span>
          </div>
        ))}
      </div>
      <div className="chart">
        <p className="chart-title">Clicks per day, by account</p>
      </div>
      <div className="status-line" />
    </div>
  )
}
