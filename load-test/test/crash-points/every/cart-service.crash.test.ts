import { casesOf } from '../support/cases'
import { crashes } from '../support/run-cases'

crashes(casesOf('cart-service'))
