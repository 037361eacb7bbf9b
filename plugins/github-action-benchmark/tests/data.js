window.BENCHMARK_DATA = {
  "lastUpdate": 1772600767000,
  "repoUrl": "https://git.example/shop",
  "entries": {
    "Shop benchmarks": [
      {"commit": {"author": {"email": "anna@shop.example", "name": "Anna"}, "id": "77be01c9", "message": "x"}, "date": 1772600767000, "tool": "cargo",
       "benches": [{"name": "bench_login", "value": 135, "range": "± 24", "unit": "ns/iter"}]},
      {"commit": {"id": "3f9c2ab1"}, "date": 1772687167000, "tool": "customBiggerIsBetter",
       "benches": [{"name": "score", "value": 77.5, "unit": "points"}]}
    ]
  }
}
