import { useEffect, useState } from 'react'

const MILLISECONDS = 400

/** A value that has not changed for a moment, as is due before each letter asks the gateway. */
export function useSettled<Value>(value: Value): Value {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), MILLISECONDS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
