import { EntitySchema } from 'typeorm'
import type { Product } from '../domain/product'

/** A product as an administrator changes it. Its stock moves by relative updates and is never written from here. */
export interface ProductRow extends Product {
  readonly deletedAt: Date | null
  readonly updatedAt: Date
}

// pg hands out bigint as text; prices stay far below 2^53
const money = { from: Number, to: (value: number) => value }

export const ProductEntity = new EntitySchema<ProductRow>({
  name: 'product',
  tableName: 'products',
  columns: {
    id: { type: 'uuid', primary: true },
    sku: { type: 'text' },
    name: { type: 'text' },
    description: { type: 'text' },
    category: { type: 'text' },
    priceMinor: { type: 'bigint', name: 'price_minor', transformer: money },
    currency: { type: 'text' },
    available: { type: 'int' },
    isActive: { type: 'boolean', name: 'is_active' },
    deletedAt: { type: 'timestamptz', name: 'deleted_at', nullable: true },
    version: { type: 'int' },
    updatedAt: { type: 'timestamptz', name: 'updated_at' },
  },
})
