/* group: harming
 * tries: have the compiler unfold a macro into billions of words
 * outcome: ungradable
 * says: does not compile */
#define A(x) x + x + x + x + x + x + x + x + x + x
#define B(x) A(A(x))
#define C(x) B(B(x))
#define D(x) C(C(x))
int is_port_open(int port)
{
    return D(D(port));
}
