import fc from 'fast-check'

const heads = [
  'GET / HTTP/1.1\r\nHost: shop\r\n\r\n',
  'GET / HTTP/1.1\r\n\r\n',
  'GET / HTTP/1.0\r\n\r\n',
  'GET / HTTP/3.7\r\nHost: shop\r\n\r\n',
  'FOO / HTTP/1.1\r\nHost: shop\r\n\r\n',
  'TRACE / HTTP/1.1\r\nHost: shop\r\n\r\n',
  'OPTIONS * HTTP/1.1\r\nHost: shop\r\n\r\n',
  'CONNECT shop:80 HTTP/1.1\r\nHost: shop\r\n\r\n',
  'GET http://elsewhere.example/livez HTTP/1.1\r\nHost: shop\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: shop\r\nHost: other\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: shop\r\nX: a\u0000b\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: shop\r\nExpect: a miracle\r\n\r\n',
  'GET / HTTP/1.1\r\nHost: shop\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
  'POST /x HTTP/1.1\r\nHost: shop\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  'POST /x HTTP/1.1\r\nHost: shop\r\nContent-Length: -1\r\n\r\n',
  'POST /x HTTP/1.1\r\nHost: shop\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
  'POST /x HTTP/1.1\r\nHost: shop\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
  `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: shop\r\n\r\n`,
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\u0016\u0003\u0001\u0002',
]

/** Requests of which one place, or everything, is not HTTP. */
export const hardlyHttp: fc.Arbitrary<Buffer> = fc.oneof(
  fc.constantFrom(...heads).map((head) => Buffer.from(head, 'latin1')),
  fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc
    .tuple(fc.constantFrom(...heads), fc.nat(80), fc.uint8Array({ minLength: 1, maxLength: 3 }))
    .map(([head, at, bytes]) => {
      const whole = Buffer.from(head, 'latin1')
      return Buffer.concat([whole.subarray(0, at), Buffer.from(bytes), whole.subarray(at + bytes.length)])
    }),
)
