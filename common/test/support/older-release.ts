import { type Contract, contractsOf } from '@order-saga/common'

/**
 * This process as an older release: it knows an event type of one version less than the publishers send. Answers how
 * to upgrade it.
 */
export function asOlderRelease(contract: Contract): () => void {
  const known = contractsOf(contract.type) as Contract[]
  const at = known.indexOf(contract)
  const dataschema = contract.dataschema.replace(/\d+$/, String(contract.version - 1))
  known[at] = { ...contract, version: contract.version - 1, dataschema }
  return () => {
    known[at] = contract
  }
}
