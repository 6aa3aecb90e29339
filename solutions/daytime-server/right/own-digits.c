/* style: the line put together by hand, writev(), everything on the stack */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static const char days[] = "SunMonTueWedThuFriSat";
static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

static void two(char *to, int number, char pad)
{
    to[0] = number < 10 ? pad : (char)('0' + number / 10);
    to[1] = (char)('0' + number % 10);
}

static void say(const char *text)
{
    if (write(STDERR_FILENO, text, strlen(text)) < 0)
        _exit(3);
}

int main(int argc, char **argv)
{
    unsigned long port = 0;
    const char *p = argc == 2 ? argv[1] : "?";

    do {
        if (*p < '0' || *p > '9' || port > 65535) {
            port = 0;
            break;
        }
        port = port * 10 + (unsigned long)(*p - '0');
    } while (*++p);
    if (port == 0 || port > 65535) {
        say("usage: daytime_server PORT\n");
        return 2;
    }

    signal(SIGPIPE, SIG_IGN);
    int s = socket(AF_INET, SOCK_STREAM, 0), yes = 1;
    struct sockaddr_in a = { 0 };
    a.sin_family = AF_INET;
    a.sin_port = htons(port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(s, (void *)&a, sizeof a) || listen(s, 20)) {
        say(errno == EADDRINUSE ? "the port is taken\n" : "cannot listen\n");
        return 70;
    }
    while (1) {
        struct timeval now;
        struct tm t;
        char date[11], clock[10], year[5];
        int c = accept(s, 0, 0);
        if (c == -1)
            continue;
        gettimeofday(&now, NULL);
        localtime_r(&now.tv_sec, &t);
        memcpy(date, days + 3 * t.tm_wday, 3);
        date[3] = ' ';
        memcpy(date + 4, months + 3 * t.tm_mon, 3);
        date[7] = ' ';
        two(date + 8, t.tm_mday, ' ');
        date[10] = ' ';
        two(clock, t.tm_hour, '0');
        clock[2] = ':';
        two(clock + 3, t.tm_min, '0');
        clock[5] = ':';
        two(clock + 6, t.tm_sec, '0');
        clock[8] = ' ';
        two(year, (t.tm_year + 1900) / 100, '0');
        two(year + 2, (t.tm_year + 1900) % 100, '0');
        struct iovec parts[] = { { date, 11 }, { clock, 9 }, { year, 4 }, { "\r\n", 2 } };
        ssize_t sent = writev(c, parts, 4);
        (void)sent;
        close(c);
    }
}
