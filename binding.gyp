{
  "targets": [
    {
      "target_name": "holdfast",
      "sources": [
        "native/addon.c",
        "native/datagram-socket.c",
        "native/deadline-timer.c",
        "native/errors.c",
        "native/process-tuning.c",
        "native/ready-set.c",
        "native/receiver.c",
        "native/stream-connector.c",
        "native/values.c",
        "native/watcher.c"
      ],
      "defines": ["_GNU_SOURCE", "NAPI_VERSION=8"],
      "cflags!": ["-Wno-unused-parameter"],
      "cflags": ["-std=gnu11", "-Wall", "-Wextra", "-Wshadow", "-fvisibility=hidden"]
    },
    {
      "target_name": "locked-memory",
      "sources": ["native/locked-memory.c"],
      "type": "shared_library",
      "product_prefix": "",
      "product_dir": "<(PRODUCT_DIR)",
      "target_conditions": [["1 == 1", { "product_extension": "so" }]],
      "defines": ["_GNU_SOURCE"],
      "cflags": ["-std=gnu11", "-Wall", "-Wextra", "-Wshadow"]
    }
  ]
}
