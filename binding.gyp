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
    }
  ]
}
