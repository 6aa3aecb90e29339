# group: harming
# tries: print without end
# outcome: failed
# says: did not return
def is_port_open(port):
    while True:
        print("a line that is printed until somebody stops it" * 100)
