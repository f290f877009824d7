import Type from 'typebox'
import { Count, Currency, Id, Minor, Text, Version } from '../schemas'
import { defineEvent } from './define-event'
import { exampleIds } from './order-lines'

const snapshot = {
  productId: Id,
  sku: Text(64),
  name: Text(200),
  category: Text(80),
  priceMinor: Minor,
  currency: Currency,
  available: Count,
  /** Grows with every change: readers drop a snapshot older than the one they have. */
  version: Version,
}

const example = {
  productId: exampleIds.productId,
  sku: 'DESK-ORG-01',
  name: 'Walnut desk organiser',
  category: 'office',
  priceMinor: 3490,
  currency: 'EUR',
  available: 120,
  version: 1,
}

export const productCreated = defineEvent({
  type: 'product.created',
  version: 1,
  publisher: 'product-service',
  summary: 'A product joined the catalogue.',
  subject: 'productId',
  payload: Type.Object(snapshot),
  example,
})

export const productUpdated = defineEvent({
  type: 'product.updated',
  version: 1,
  publisher: 'product-service',
  summary: 'Name, price or stock of a product changed by hand, or its snapshot was announced again.',
  subject: 'productId',
  payload: Type.Object(snapshot),
  example: { ...example, priceMinor: 3290, version: 2 },
})

export const productDeleted = defineEvent({
  type: 'product.deleted',
  version: 1,
  publisher: 'product-service',
  summary: 'A product left the catalogue; existing reservations keep their lines.',
  subject: 'productId',
  payload: Type.Object({ productId: Id, version: Version }),
  example: { productId: exampleIds.productId, version: 3 },
})

export const productLowStock = defineEvent({
  type: 'product.low_stock',
  version: 1,
  publisher: 'product-service',
  summary: 'Available stock fell to the threshold or below, or to nothing.',
  subject: 'productId',
  payload: Type.Object({
    productId: Id,
    available: Count,
    threshold: Count,
    /** Of the product then. Missing in what was told before it was added: nobody can tell how old that is. */
    version: Type.Optional(Version),
  }),
  example: { productId: exampleIds.productId, available: 4, threshold: 5, version: 7 },
})

export const productBackInStock = defineEvent({
  type: 'product.back_in_stock',
  version: 1,
  publisher: 'product-service',
  summary: 'A product that was sold out is available again.',
  subject: 'productId',
  payload: Type.Object({ productId: Id, available: Count, version: Version }),
  example: { productId: exampleIds.productId, available: 2, version: 9 },
})
