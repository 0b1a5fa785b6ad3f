# docker build -t nianbao . && docker run --rm -v "$PWD:/data" nianbao convert /data/reports --out /data/out
FROM rust:1.93-slim-bookworm AS build
WORKDIR /nianbao
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
COPY . .
RUN cargo build --release --locked --package nianbao && strip target/release/nianbao

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /nianbao/target/release/nianbao /usr/local/bin/nianbao
COPY LICENSE-MIT LICENSE-APACHE /usr/share/doc/nianbao/
WORKDIR /data
ENTRYPOINT ["nianbao"]
CMD ["--help"]
