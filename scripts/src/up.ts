import { fail } from './fail'
import { shopUp } from './shop/shop-up'

/** npm run up: the whole shop in the background. */
shopUp((line) => process.stdout.write(`${line}\n`)).catch(fail)
