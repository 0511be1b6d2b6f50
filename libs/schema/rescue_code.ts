/**
 * Why a value is in `_rescued_data`. A closed list: a code is never given another meaning.
 * All but `replaced_characters` mean that the value is null in its place.
 */
export const rescueCodes = {
  not_text: 'a text column got a number, a boolean, an object or a list',
  not_a_boolean: 'a boolean column got something else than true or false',
  not_a_number: 'a number column got something else than a number (for int64: or decimal text)',
  not_an_integer: 'an integer column got a number with a fraction',
  out_of_range:
    'a number beyond its type (for int64 also one beyond 2^53 − 1 that is not text), or a year outside 0001 to 9999',
  not_a_timestamp: 'a timestamp column got something that is not an ISO 8601 time of a real day',
  no_time_zone: 'a timestamp without a zone: which point in time it means is not known',
  not_an_object: 'a struct column got something else than an object',
  not_a_list: 'a list column got something else than a list',
  replaced_characters:
    'U+0000 and lone surrogates, which no destination can hold, are U+FFFD in the column; the original is here',
  more_misfits:
    'the row had more than 100 misfits inside lists: here is the whole column as it was sent; each misfit is null in its place',
} as const

export type RescueCode = keyof typeof rescueCodes
