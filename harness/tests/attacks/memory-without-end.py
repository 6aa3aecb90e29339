# group: harming
# tries: take all memory
# outcome: failed
def is_port_open(port):
    kept = []
    while len(kept) < 100:
        kept.append(bytearray(1 << 24))
