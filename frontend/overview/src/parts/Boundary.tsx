import { Component, type ReactNode } from 'react'

/** Keeps a view that cannot be drawn from taking the menu with it. Another `key` draws anew. */
export class Boundary extends Component<{ children: ReactNode }, { problem: string | null }> {
  override state = { problem: null }

  static getDerivedStateFromError(problem: unknown) {
    return { problem: problem instanceof Error ? problem.message : String(problem) }
  }

  override render() {
    if (this.state.problem === null) return this.props.children
    return (
      <div className="problems" role="alert">
        <h1>This view cannot be drawn.</h1>
        <p>{this.state.problem}</p>
        <div className="buttons">
          <button type="button" onClick={() => window.location.reload()}>
            Load the page again
          </button>
        </div>
      </div>
    )
  }
}
