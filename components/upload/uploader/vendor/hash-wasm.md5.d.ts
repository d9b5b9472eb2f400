// Sets the global `hashwasm`: javascript/types/hash_wasm.d.ts has what of it is used.
export {}
