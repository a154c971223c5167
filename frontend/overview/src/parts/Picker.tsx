import { useEffect, useRef } from 'react'

type Settings = { label: string; options: readonly (readonly [string, string])[]; chosen: readonly string[]; onChange: (chosen: string[]) => void }

/** A button that opens a list of boxes to tick. Escape and a click elsewhere close it. */
export function Picker({ label, options, chosen, onChange }: Settings) {
  const place = useRef<HTMLDetailsElement>(null)
  useEffect(() => {
    const close = (event: Event) => {
      if (place.current && !place.current.contains(event.target as Node)) place.current.open = false
    }
    document.addEventListener('pointerdown', close)
    document.addEventListener('focusin', close)
    return () => {
      document.removeEventListener('pointerdown', close)
      document.removeEventListener('focusin', close)
    }
  }, [])

  function onKeyDown(event: React.KeyboardEvent) {
    if (event.key !== 'Escape' || !place.current) return
    place.current.open = false
    place.current.querySelector('summary')?.focus()
  }

  return (
    <details className="picker" ref={place} onKeyDown={onKeyDown}>
      <summary className="button">{label}</summary>
      <div className="options">
        {options.map(([value, name]) => (
          <label className="check" key={value}>
            <input
              type="checkbox"
              checked={chosen.includes(value)}
              onChange={(event) => onChange(options.map(([each]) => each).filter((each) => (each === value ? event.target.checked : chosen.includes(each))))}
            />
            {name}
          </label>
        ))}
      </div>
    </details>
  )
}
