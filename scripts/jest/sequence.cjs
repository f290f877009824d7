const { default: Sequencer } = require('@jest/test-sequencer')

// What takes long begins first, also on a clone's first run, of which no durations are known: no core waits at the end.
// Calculations come before everything else, in workers whose memory is still empty.
const LONGEST_FIRST = ['protocol', 'e2e', 'int', 'unit']

module.exports = class extends Sequencer {
  sort(tests) {
    const rank = ({ context }) => LONGEST_FIRST.indexOf(context.config.displayName?.name)
    return super.sort(tests).toSorted((a, b) => rank(a) - rank(b))
  }
}
