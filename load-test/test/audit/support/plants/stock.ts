import { change } from '../scene'
import { both, ofOrder, order, type Plant } from './plant'

export const stock: Plant[] = [
  {
    name: 'a piece too many is on the shelf',
    breaks: ['S1'],
    says: ({ productId }) => `product ${productId}: 10 supplied; 9 available, 0 reserved, 2 sold`,
    plant: (scene) =>
      change(
        scene,
        { service: 'product-service', table: 'products', where: 'products.id = $1', key: scene.productId },
        { available: 'products.available + 1' },
      ),
  },
  {
    name: 'stock is held for a cancelled order',
    breaks: ['S2'],
    says: ({ declined }) => `stock is held for the cancelled order ${declined}`,
    plant: async (scene) => {
      const tomorrow = `now() + interval '1 day'`
      const { service, key } = ofOrder('product-service', 'reservations', scene.declined)
      const query = (sql: string, values: unknown[]) => scene.shop.premises.query(service, sql, values)
      const undo = await both(
        change(scene, ofOrder('product-service', 'reservations', key), {
          state: `'reserved'`,
          deadline_at: tomorrow,
          next_ask_at: tomorrow,
        }),
        change(
          scene,
          { service, table: 'products', where: 'products.id = $1', key: scene.productId },
          { available: 'products.available - 1', reserved: 'products.reserved + 1' },
        ),
      )
      await query(`DELETE FROM stock_movements WHERE order_id = $1 AND kind = 'release'`, [key])
      const back = `INSERT INTO stock_movements (order_id, product_id, kind, quantity) VALUES ($1, $2, 'release', 1)`
      return () => Promise.all([undo(), query(back, [key, scene.productId])])
    },
  },
  {
    name: 'an order has more than its reservation',
    breaks: ['S3'],
    says: ({ paid, productId }) => `order ${paid} has 2 of ${productId}; reserved is 1 of ${productId}`,
    plant: (scene) =>
      change(scene, order(scene.paid), {
        lines: `replace(orders.lines::text, '"quantity":1', '"quantity":2')::json`,
      }),
  },
]
