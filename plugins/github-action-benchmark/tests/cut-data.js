window.BENCHMARK_DATA = {
  "lastUpdate": 1772687167000,
  "repoUrl": "https://git.example/shop",
  "entries": {
    "Go Benchmark": [
      {
        "commit": {
          "author": {"email": "anna@shop.example", "name": "Anna", "username": "anna"},
          "id": "77be01c9",
          "message": "Sort \"faster\" {",
          "timestamp": "2026-03-04T06:06:07+01:00",
          "url": "https://git.example/shop/commit/77be01c9"
        },
        "date": 1772600767000,
        "tool": "go",
        "benches": [
          {"name": "BenchmarkSort - ns/op", "value": 41653, "unit": "ns/op", "extra": "30000 times\\n8 procs"},
          {"name": "BenchmarkSort - B/op", "value": 512, "unit": "B/op"},
          {"name": "BenchmarkSort - allocs/op", "value": 3, "unit": "allocs/op"},
          {"name": "BenchmarkSort - MB/s", "value": 42.5, "unit": "MB/s"}
        ]
      },
      {
        "commit": {
          "author": {"email": "anna@shop.example", "name": "Anna", "username": "anna"},
          "id": "88be01c9",
          "message": "Sort \"faster\" {",
          "timestamp": "2026-03-04T06:06:07+01:00",
          "url": "https://git.example/shop/commit/88be01c9"
        },
        "date": 1772600767000,
        "tool": "go",
        "benches": [
          {"name": "BenchmarkSort - ns/op", "value": 40000.5, "unit": "ns/op"}
        ]
      }
    ],
    "Python": [
      {
        "commit": {
          "author": {"email": "anna@shop.example", "name": "Anna", "username": "anna"},
          "id": "77be01c9",
          "message": "Sort \"faster\" {",
          "timestamp": "2026-03-04T06:06:07+01:00",
          "url": "https://git.example/shop/commit/77be01c9"
        },
        "date": 1772600767000,
        "tool": "pytest",
        "benches": [
          {"name": "test_login", "value": 1234.5,