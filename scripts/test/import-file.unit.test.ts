import { parseCsv } from '../src/import/csv'
import { linesOf } from '../src/import/lines'

const fieldsOf = (text: string) => parseCsv(text).map(({ fields }) => fields)

test.each<[string, string, string[][]]>([
  [
    'lines that end as they do on either system',
    'a,b\r\nc,d\ne,f',
    [
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'f'],
    ],
  ],
  ['no end of the last line', 'a,b', [['a', 'b']]],
  ['an end of the last line', 'a,b\n', [['a', 'b']]],
  ['a byte order mark', '\ufeffa,b\n', [['a', 'b']]],
  [
    'empty fields',
    ',a,\n,,\n',
    [
      ['', 'a', ''],
      ['', '', ''],
    ],
  ],
  ['quotes, commas and lines within quotes', '"a,1","say ""b""","c\nd"\n', [['a,1', 'say "b"', 'c\nd']]],
  ['an empty field in quotes', '"",a\n', [['', 'a']]],
  ['empty lines', '\na\n\r\n\nb\n', [['a'], ['b']]],
  ['nothing', '', []],
])('reads %s', (_what, text, records) => {
  expect(fieldsOf(text)).toEqual(records)
})

test('a record is known by the line it begins at', () => {
  expect(parseCsv('a\n"b\nb\nb"\n\nc\n').map(({ line }) => line)).toEqual([1, 2, 6])
})

test.each([
  ['a\n"b\n', 'line 2'],
  ['a\nb"c\n', 'line 2'],
  ['"a"b\n', 'line 1'],
])('refuses %j at %s', (text, place) => {
  expect(() => parseCsv(text)).toThrow(`${place}: a quote`)
})

const HEADER = 'sku,name,category,priceMinor'

test('a line of CSV becomes a product with numbers where there are some', () => {
  const text = `available,${HEADER},description\n5,A-1,"Mug, blue",kitchen,1650,\n,A-2,Cup,kitchen,16.50,new\n`
  expect(linesOf('mugs.CSV', text)).toEqual([
    { place: 'line 2', body: { sku: 'A-1', name: 'Mug, blue', category: 'kitchen', priceMinor: 1650, available: 5 } },
    {
      place: 'line 3',
      body: { sku: 'A-2', name: 'Cup', category: 'kitchen', priceMinor: '16.50', description: 'new' },
    },
  ])
})

test('an item of JSON is sent as it is', () => {
  expect(linesOf('mugs.json', '[{"sku":"A-1","colour":"blue"},7,[],null]')).toEqual([
    { place: 'item 1', body: { sku: 'A-1', colour: 'blue' } },
    { place: 'item 2', body: {}, fault: 'is no product' },
    { place: 'item 3', body: {}, fault: 'is no product' },
    { place: 'item 4', body: {}, fault: 'is no product' },
  ])
})

test('a field too many, or a SKU for the second time, is the fault of its line alone', () => {
  const faults = linesOf('a.csv', `${HEADER}\nA,a,b,1,2\nB,b,b,1\nB,c,b,1\nC,c,b,1\n`).map(({ fault }) => fault)
  expect(faults).toEqual(['5 fields where there are 4 columns', undefined, 'SKU B stands in line 3 already', undefined])
})

test.each([
  ['a.csv', '', 'missing: sku, name, category, priceMinor'],
  ['a.csv', 'sku,name,category\n', 'missing: priceMinor'],
  ['a.csv', `${HEADER},colour\n`, 'not colour'],
  ['a.csv', `${HEADER},sku\n`, 'each once'],
  ['a.json', '{"sku":"A"}', 'a list of products'],
  ['a.json', '[{]', 'JSON'],
  ['a.xlsx', HEADER, 'neither .csv nor .json'],
])('%s with %j is refused as a whole: %s', (file, text, words) => {
  expect(() => linesOf(file, text)).toThrow(words)
})
