// Draws the outlines of the countries once, so that the page needs neither a map library nor its data.
// The borders are Natural Earth's (public domain), in the package world-atlas.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

import { geoNaturalEarth1, geoPath } from 'd3-geo'
import countries from 'i18n-iso-countries'
import { feature } from 'topojson-client'

const [WIDTH, HEIGHT] = [1200, 580]
const require = createRequire(import.meta.url)
const atlas = JSON.parse(await readFile(require.resolve('world-atlas/countries-110m.json'), 'utf8'))
const inhabited = feature(atlas, atlas.objects.countries).features.filter((each) => each.id !== '010')
const projection = geoNaturalEarth1().fitSize([WIDTH, HEIGHT], { type: 'FeatureCollection', features: inhabited })
const pathOf = geoPath(projection).digits(0)

const outlines = inhabited.map((each) => [countries.numericToAlpha2(each.id) ?? '', pathOf(each)])
await mkdir('src/generated', { recursive: true })
await writeFile('src/generated/world.json', JSON.stringify({ width: WIDTH, height: HEIGHT, outlines }))
