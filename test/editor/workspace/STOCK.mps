STOCK ;XX/YY - Stock of a store ;1/1/24
 ;;1.0;STORE;;
 quit
 ;
ADD(ITEM,COUNT) ; put items on the shelf
 new LEFT
 set LEFT=$get(^STOCK(ITEM))+COUNT
 set ^STOCK(ITEM)=LEFT
 quit LEFT
 ;
TAKE(ITEM,COUNT) ; take items off the shelf
 new LEFT
 set LEFT=$get(^STOCK(ITEM))-COUNT
 if LEFT<0 quit -1
 set ^STOCK(ITEM)=LEFT
 quit LEFT
 ;
REPORT
 new ITEM
 set ITEM=""
 for  set ITEM=$order(^STOCK(ITEM)) quit:ITEM=""  do
 . write !,ITEM,?20,^STOCK(ITEM)
 quit
