# Stand-in for the official image haproxy:2.6 where no registry can be reached: the same version, from Debian.
FROM debian:bookworm-slim
RUN apt-get update --quiet=2 && \
    apt-get install --yes --quiet=2 --no-install-recommends haproxy >/dev/null && rm -rf /var/lib/apt/lists/*
USER haproxy
STOPSIGNAL SIGUSR1
