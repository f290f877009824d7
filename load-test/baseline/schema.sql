CREATE TABLE orders (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  items jsonb NOT NULL,
  "totalMinor" integer NOT NULL,
  "paymentToken" text NOT NULL,
  status text NOT NULL DEFAULT 'pending',
  "createdAt" timestamptz NOT NULL DEFAULT now(),
  "updatedAt" timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE products (
  id uuid PRIMARY KEY,
  available integer NOT NULL CHECK (available >= 0)
);
CREATE TABLE payments (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  "orderId" uuid NOT NULL,
  "amountMinor" integer NOT NULL,
  status text NOT NULL
);
CREATE INDEX ON payments ("orderId");
