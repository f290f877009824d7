import { useEffect, useState } from 'preact/hooks'
import { type Address, parseAddress } from '../view/address'

export function useAddress(): Address {
  const [hash, setHash] = useState(location.hash)
  useEffect(() => {
    const onChange = () => setHash(location.hash)
    addEventListener('hashchange', onChange)
    return () => removeEventListener('hashchange', onChange)
  }, [])
  return parseAddress(hash)
}

/** A filter is set: the address changes, the way back stays as short as it was. */
export function replaceAddress(hash: string): void {
  history.replaceState(null, '', hash)
  dispatchEvent(new HashChangeEvent('hashchange'))
}
